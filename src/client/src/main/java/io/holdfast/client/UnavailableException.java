package io.holdfast.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** No node gave a usable answer before the deadline. Whatever the call may have done is cleaned up behind. */
public final class UnavailableException extends HoldfastException {

    @Serial
    private static final long serialVersionUID = 1;

    /** Creates one; {@code problem} and {@code node} as in {@link HoldfastException}. */
    public UnavailableException(String message, String problem, String node, @Nullable Throwable cause) {
        super(message, problem, node, cause);
    }
}
