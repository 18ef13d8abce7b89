package io.holdfast.client;

import java.io.Serial;
import java.time.Duration;

/** A bound on what the ensemble keeps is reached. Nothing was done. */
public final class QuotaExceededException extends HoldfastException {

    @Serial
    private static final long serialVersionUID = 1;

    private final Duration retryAfter;

    /** Creates one. */
    public QuotaExceededException(String message, String node, Duration retryAfter) {
        super(message, "quota-exceeded", node, null);
        this.retryAfter = retryAfter;
    }

    /** After what time a retry has a chance, as the server says; zero when it does not. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
