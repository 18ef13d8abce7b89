package io.holdfast.client.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits of tests that run real threads: for a condition, with a bound far above what a loaded machine takes. */
public final class Waiting {

    /** Above what anything here takes. */
    public static final long BOUND_SECONDS = 60;

    private Waiting() {}

    /** Returns once the condition holds; fails when it does not in time. */
    public static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(BOUND_SECONDS);
        while (!condition.call()) {
            assertTrue(System.nanoTime() < end, () -> "not in " + BOUND_SECONDS + " s");
            LockSupport.parkNanos(1_000_000);
        }
    }
}
