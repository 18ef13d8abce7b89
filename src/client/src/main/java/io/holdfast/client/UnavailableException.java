package io.holdfast.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** No node gave a usable answer before the deadline. Whatever the call may have done is cleaned up behind. */
public final class UnavailableException extends HoldfastException {

    @Serial
    private static final long serialVersionUID = 1;

    private final boolean unknown;

    /** Creates one; {@code problem} and {@code node} as in {@link HoldfastException}. */
    public UnavailableException(String message, String problem, String node, @Nullable Throwable cause) {
        super(message, problem, node, cause);
        this.unknown = true;
    }

    /**
     * Creates one.
     *
     * @param unknown as {@link #outcomeUnknown} says
     */
    public UnavailableException(String message, boolean unknown) {
        super(message, "", "", null);
        this.unknown = unknown;
    }

    /** Whether the call may have had its effect; false only when no node can have got it. */
    public boolean outcomeUnknown() {
        return unknown;
    }
}
