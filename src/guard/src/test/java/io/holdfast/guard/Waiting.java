package io.holdfast.guard;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits of tests: for conditions, with a bound far above what a loaded machine takes. */
public final class Waiting {

    public static final Duration LONG = Duration.ofSeconds(60);

    private Waiting() {}

    /** Returns when the condition holds; one that throws does not hold yet. */
    public static void until(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + LONG.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - end > 0) {
                fail("not in " + LONG.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(500_000);
        }
    }

    /** Returns when the thread is blocked. */
    public static void untilBlocked(Thread thread) throws Exception {
        until(
                thread.getName() + " waits, it is " + thread.getState(),
                () -> thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
    }
}
