package io.holdfast.server;

import static org.junit.jupiter.api.Assertions.fail;

import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;

/** What is still in memory. */
public final class Memory {

    private static final long PATIENCE_SECONDS = 60;

    private Memory() {}

    /** Waits until what a reference leads to is collected, so that nothing keeps it. */
    public static void awaitCollected(WeakReference<?> reference) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (reference.get() != null) {
            if (System.nanoTime() - deadline > 0) {
                fail(reference.get() + " is still in memory");
            }
            System.gc();
        }
    }
}
