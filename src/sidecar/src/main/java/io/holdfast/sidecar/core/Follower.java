package io.holdfast.sidecar.core;

import io.holdfast.api.LockBody;
import io.holdfast.client.HoldfastException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lock of the election, by linearizable reads: whenever something happened to it, a third of a ttl after the
 * last read, and when the answer that is asked for must be younger. One read at a time serves all that wait for it.
 */
public final class Follower {

    private static final System.Logger LOG = System.getLogger(Follower.class.getName());

    /** Before a read that was refused is tried again. */
    private static final long PAUSE_MILLIS = 500;

    private final Source source;
    private final LeaderView view;
    private final Clock clock;
    private final Duration every;
    private final AtomicReference<String> complaint = new AtomicReference<>("");
    private final Thread thread = new Thread(this::follow, "holdfast-follower");
    private long wanted;
    private long begun;
    private long succeeded;
    private boolean closed;

    /** Where the lock is read. */
    @FunctionalInterface
    public interface Source {
        /**
         * Reads it as it is now; blocks for 30 s at most.
         *
         * @throws HoldfastException when no node could be asked, or it refuses
         */
        LockBody read() throws InterruptedException;
    }

    /** Creates one; {@code every} is the longest time between two reads. */
    public Follower(Source source, LeaderView view, Clock clock, Duration every) {
        this.source = source;
        this.view = view;
        this.clock = clock;
        this.every = every;
        thread.setDaemon(true);
    }

    /** Starts to read. */
    public void start() {
        thread.start();
    }

    /** Something happened: reads at once. */
    public synchronized void nudge() {
        wanted = begun + 1;
        notifyAll();
    }

    /**
     * Waits for a read that begins now.
     *
     * @return whether it succeeded within that time
     */
    public synchronized boolean freshen(Duration within) throws InterruptedException {
        long mine = begun + 1;
        nudge();
        long deadline = clock.now().nanos() + within.toNanos();
        while (succeeded < mine && !closed) {
            long left = (deadline - clock.now().nanos()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return succeeded >= mine;
    }

    /** Ends it; what waits for a read gets none. */
    public synchronized void close() {
        closed = true;
        notifyAll();
        thread.interrupt();
    }

    private void follow() {
        boolean well = true;
        while (awaitTurn(well ? every.toMillis() : PAUSE_MILLIS)) {
            well = readOnce();
        }
    }

    /** Waits until there is something to read; returns false when it is over. */
    private synchronized boolean awaitTurn(long millis) {
        long end = clock.now().nanos() + millis * 1_000_000;
        while (!closed && wanted <= begun) {
            long left = begun == 0 ? 0 : (end - clock.now().nanos()) / 1_000_000;
            if (left <= 0) {
                break;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                return false;
            }
        }
        begun++;
        return !closed;
    }

    private boolean readOnce() {
        Moment asked = clock.now();
        try {
            LockBody lock = source.read();
            view.heard(leader(lock), asked);
            if (!complaint.getAndSet("").isEmpty()) {
                LOG.log(System.Logger.Level.INFO, "the election is heard of again");
            }
        } catch (InterruptedException e) {
            return false;
        } catch (RuntimeException e) {
            String words = String.valueOf(e.getMessage());
            if (!complaint.getAndSet(words).equals(words)) {
                LOG.log(System.Logger.Level.WARNING, "the election cannot be read: " + words);
            }
            return false;
        }
        synchronized (this) {
            succeeded = begun;
            notifyAll();
        }
        return true;
    }

    private @Nullable Candidate leader(LockBody lock) {
        return lock.holders().isEmpty()
                ? null
                : Candidate.of(lock.holders().get(0), clock.now().wallMillis());
    }
}
