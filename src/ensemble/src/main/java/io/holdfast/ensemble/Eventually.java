package io.holdfast.ensemble;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits, with a bound, for what another process does: nothing in this process notifies of it. */
public final class Eventually {

    private static final long PAUSE_NANOS = 10_000_000;

    private Eventually() {}

    /**
     * Returns once the condition holds; it is asked some hundred times a second.
     *
     * @param what the condition in words, for the message
     * @throws TimeoutException when it did not hold in time
     */
    public static void await(String what, Duration bound, BooleanSupplier condition) throws TimeoutException {
        var deadline = System.nanoTime() + bound.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(what + ": not within " + bound.toMillis() + " ms");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
