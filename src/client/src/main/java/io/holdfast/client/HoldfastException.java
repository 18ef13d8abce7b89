package io.holdfast.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** What the ensemble refused, or could not be asked. */
public abstract class HoldfastException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    private final String problem;
    private final String node;

    HoldfastException(String message, String problem, String node, @Nullable Throwable cause) {
        super(message, cause);
        this.problem = problem;
        this.node = node;
    }

    /** Slug of the problem that the server named, such as {@code session-ended}; empty when no server named one. */
    public String problem() {
        return problem;
    }

    /** Base URI of the node that answered; empty when none did. */
    public String node() {
        return node;
    }
}
