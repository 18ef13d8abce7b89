package io.holdfast.shedlock;

import io.holdfast.client.Lease;
import io.holdfast.client.LeaseLostException;
import java.time.Duration;
import java.util.Optional;
import net.javacrumbs.shedlock.core.ClockProvider;
import net.javacrumbs.shedlock.core.LockConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * A lock from its grant to its unlock, however often it is extended: interrupts the thread that took it once when the
 * lease must end, and never after the unlock. Any thread.
 */
final class Holding {

    private static final System.Logger LOG = System.getLogger(Holding.class.getName());

    /** What a thread took last. */
    private static final ThreadLocal<@Nullable Holding> LAST = new ThreadLocal<>();

    private final String job;
    private final Lease lease;
    private final Thread thread = Thread.currentThread();

    /** What the thread had before. */
    private final @Nullable Holding outer;

    private boolean ended;
    private boolean interrupted;
    private boolean interruptedBefore;

    Holding(String job, Lease lease, boolean interrupts) {
        this.job = job;
        this.lease = lease;
        this.outer = current().orElse(null);
        LAST.set(this);
        if (interrupts) {
            lease.onStop(this::interrupt);
        }
    }

    /** What this thread took last and still has. */
    static Optional<Holding> current() {
        Holding last = LAST.get();
        if (last == null) {
            return Optional.empty();
        }
        Holding present = last;
        while (present != null && present.hasEnded()) {
            present = present.outer;
        }
        if (present == null) {
            LAST.remove();
        } else {
            LAST.set(present);
        }
        return Optional.ofNullable(present);
    }

    Lease lease() {
        return lease;
    }

    /** A configuration of the same job, which checks what ShedLock asks of its times. */
    LockConfiguration configuration(Duration atMost, Duration atLeast) {
        return new LockConfiguration(ClockProvider.now(), job, atMost, atLeast);
    }

    private synchronized boolean hasEnded() {
        return ended;
    }

    /** Moves the end; returns false when the job must end already, or has ended. */
    boolean endAfter(Duration time) {
        return !hasEnded() && !lease.stopping() && lease.endAfter(time);
    }

    private synchronized void interrupt() {
        if (!ended && !interrupted) {
            interrupted = true;
            interruptedBefore = thread.isInterrupted();
            thread.interrupt();
        }
    }

    /** Gives the lock back, and leaves it closed for a time. Never throws; works on an interrupted thread. */
    void release(Duration closedFor) {
        boolean clears = end();
        if (Thread.currentThread() == thread) {
            if (clears && Thread.interrupted()) {
                LOG.log(System.Logger.Level.DEBUG, "the interrupt of {0} came to its end with it", job);
            }
            Optional<Holding> unused = current();
        }
        try {
            lease.check();
        } catch (LeaseLostException e) {
            LOG.log(System.Logger.Level.WARNING, "{0} ran on after its lock was over: {1}", job, e.getMessage());
        }
        lease.release(closedFor);
    }

    private synchronized boolean end() {
        ended = true;
        return interrupted && !interruptedBefore;
    }
}
