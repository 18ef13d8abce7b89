package io.holdfast.zab.node;

import io.holdfast.zab.log.SnapshotPace;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * Slows a snapshot down while the log on the same disk is slower than usual: the node waits for the log with every
 * transaction, and for a snapshot with none, unless the node is held by it.
 *
 * <p>Of the time that a step took three times as much is left to the log, a second at most. Any thread.
 */
final class LogPace implements SnapshotPace {

    /** A batch that is faster is not slow, whatever is usual. */
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    /** So many times the usual is slow. */
    private static final int SLOW_TIMES = 3;

    private static final int PAUSE_TIMES = 3;
    private static final long PAUSE_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

    /** The part by which a batch moves what is usual: one in 64. */
    private static final int MEMORY = 64;

    private final LongConsumer sleep;
    private volatile boolean hurries;
    private volatile boolean writing;
    /** Written by the log's thread only. */
    private volatile long usual;

    private volatile long latest;
    private long stepBegun;

    LogPace() {
        this(LockSupport::parkNanos);
    }

    /**
     * Makes a pace.
     *
     * @param sleep blocks for so many nanoseconds
     */
    LogPace(LongConsumer sleep) {
        this.sleep = sleep;
    }

    /** A batch of the log was written and made durable in that time; on the log's thread. */
    void logSynced(long nanos) {
        latest = nanos;
        // What is usual without a snapshot is what one is compared with.
        if (!writing) {
            long before = usual;
            usual = before + (nanos - before) / MEMORY;
        }
    }

    /** Has a snapshot written as fast as it goes, or not any more: the node waits for its end. */
    void hurry(boolean needed) {
        hurries = needed;
    }

    /** A snapshot begins; on the thread that writes it. */
    void begins(long nowNanos) {
        writing = true;
        stepBegun = nowNanos;
    }

    /** The snapshot has ended, well or not. */
    void ends() {
        writing = false;
    }

    @Override
    public void stepWritten() {
        long now = System.nanoTime();
        long pause = pauseAfter(now - stepBegun);
        if (pause > 0) {
            sleep.accept(pause);
        }
        stepBegun = System.nanoTime();
    }

    /** Returns for how long the log is left alone after a step that took so long. */
    long pauseAfter(long stepNanos) {
        boolean slow = latest > Math.max(SLOW_NANOS, SLOW_TIMES * usual);
        return slow && !hurries ? Math.min(PAUSE_TIMES * stepNanos, PAUSE_NANOS_MAX) : 0;
    }
}
