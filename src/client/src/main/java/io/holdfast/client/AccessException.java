package io.holdfast.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The server does not know the caller (401), or does not permit the call (403). */
public final class AccessException extends HoldfastException {

    @Serial
    private static final long serialVersionUID = 1;

    /** Creates one; {@code problem} and {@code node} as in {@link HoldfastException}. */
    public AccessException(String message, String problem, String node, @Nullable Throwable cause) {
        super(message, problem, node, cause);
    }
}
