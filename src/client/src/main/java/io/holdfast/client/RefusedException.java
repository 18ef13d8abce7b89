package io.holdfast.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The server refused a request as it is: it is wrong, or does not suit what is there. */
public final class RefusedException extends HoldfastException {

    @Serial
    private static final long serialVersionUID = 1;

    /** Creates one; {@code problem} and {@code node} as in {@link HoldfastException}. */
    public RefusedException(String message, String problem, String node, @Nullable Throwable cause) {
        super(message, problem, node, cause);
    }
}
