package io.holdfast.client;

import java.io.Serial;
import java.time.Duration;

/**
 * A bound is reached, and nothing was done: on what the ensemble keeps, or what this caller may have
 * ({@code quota-exceeded}); or on how often it may ask, for longer than the call may take ({@code rate-limited}).
 */
public final class QuotaExceededException extends HoldfastException {

    @Serial
    private static final long serialVersionUID = 1;

    private final Duration retryAfter;

    /** Creates one; {@code problem} and {@code node} as in {@link HoldfastException}. */
    public QuotaExceededException(String message, String problem, String node, Duration retryAfter) {
        super(message, problem, node, null);
        this.retryAfter = retryAfter;
    }

    /** After what time a retry has a chance, as the server says; zero when it does not. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
