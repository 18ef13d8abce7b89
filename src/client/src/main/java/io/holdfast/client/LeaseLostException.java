package io.holdfast.client;

import java.io.Serial;

/** The lease is over: what happens from now on happens without the lock, and another client may hold it. */
public final class LeaseLostException extends HoldfastException {

    @Serial
    private static final long serialVersionUID = 1;

    private final Loss loss;

    /** Creates one. */
    public LeaseLostException(String message, String problem, Loss loss) {
        super(message, problem, "", null);
        this.loss = loss;
    }

    /** How it ended. */
    public Loss loss() {
        return loss;
    }
}
