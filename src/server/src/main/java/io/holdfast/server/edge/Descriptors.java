package io.holdfast.server.edge;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How many file descriptors this process may still open. Counting those that are open costs a walk through a directory,
 * so between two counts the connections that come and go are counted instead. For any thread.
 */
final class Descriptors {

    /** Kept for the log, snapshots, peers and classes that are loaded late: a node that has none stands still. */
    static final int RESERVE = 32;

    private static final long COUNT_AGAIN_NANOS = 5_000_000_000L;
    private static final long COUNT_AGAIN_SHORT_NANOS = 100_000_000L;

    private final LongSupplier limit;
    private final LongSupplier counted;
    private final AtomicLong open = new AtomicLong();
    private long countedAt;

    /**
     * Creates one.
     *
     * @param limit how many this process may have open; asked often, since it may be lowered while the process runs
     * @param counted how many are open, which is dear to know
     */
    Descriptors(LongSupplier limit, LongSupplier counted, long now) {
        this.limit = limit;
        this.counted = counted;
        this.open.set(counted.getAsLong());
        this.countedAt = now;
    }

    /** Returns those of this process; without a limit where the system has none to tell. */
    static Descriptors ofProcess(long now) {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? new Descriptors(unix::getMaxFileDescriptorCount, () -> counted(unix), now)
                : new Descriptors(() -> Long.MAX_VALUE, () -> 0, now);
    }

    /** The count itself takes a descriptor; where none is left all are open. */
    private static long counted(UnixOperatingSystemMXBean unix) {
        try {
            long open = unix.getOpenFileDescriptorCount();
            return open < 0 ? unix.getMaxFileDescriptorCount() : open;
        } catch (InternalError noneLeft) {
            return unix.getMaxFileDescriptorCount();
        }
    }

    /** Notes that a connection was accepted. */
    void taken() {
        open.incrementAndGet();
    }

    /** Notes that a connection has ended. */
    void given() {
        open.decrementAndGet();
    }

    /** Returns how many are left above the reserve; 0 or less when no connection should be accepted. */
    long spare(long now) {
        long spare = limit.getAsLong() - open.get() - RESERVE;
        synchronized (this) {
            long age = now - countedAt;
            if (age < (spare <= 0 ? COUNT_AGAIN_SHORT_NANOS : COUNT_AGAIN_NANOS)) {
                return spare;
            }
            countedAt = now;
            open.set(counted.getAsLong());
        }
        return limit.getAsLong() - open.get() - RESERVE;
    }
}
