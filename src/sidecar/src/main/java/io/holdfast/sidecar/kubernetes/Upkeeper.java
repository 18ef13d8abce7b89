package io.holdfast.sidecar.kubernetes;

import io.holdfast.sidecar.core.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Attempts one {@link Upkeep} whenever something changed, again and again while it fails, and every few minutes to be
 * sure. On a thread of its own, which nothing of the election waits for.
 */
public final class Upkeeper {

    private static final System.Logger LOG = System.getLogger(Upkeeper.class.getName());
    private static final long PAUSE_MILLIS = 200;
    private static final long PAUSE_MILLIS_MAX = 30_000;
    private static final long REFUSED_MILLIS = 60_000;
    private static final long SURE_MILLIS = 300_000;

    private final Upkeep upkeep;
    private final Thread thread;
    private long wanted = 1;
    private long attempted;
    private long done;
    private boolean closed;
    private int failures;
    private @Nullable String complaint;

    private Upkeeper(Upkeep upkeep) {
        this.upkeep = upkeep;
        this.thread = new Thread(this::keep, "holdfast-kubernetes");
        thread.setDaemon(true);
    }

    /** Keeps the label of a pod. */
    public static Upkeeper of(PodLabel label) {
        return new Upkeeper(label);
    }

    /** Keeps a slice. */
    public static Upkeeper of(LeaderSlice slice) {
        return new Upkeeper(slice);
    }

    /** Starts. */
    public void start() {
        thread.start();
    }

    /** Something changed: attempts at once. */
    public synchronized void nudge() {
        wanted++;
        notifyAll();
    }

    /** Waits until all that changed so far is done; returns whether it is, at the latest after that time. */
    public synchronized boolean flush(Duration within) throws InterruptedException {
        long target = wanted;
        long end = Clock.SYSTEM.now().nanos() + within.toNanos();
        while (done < target && !closed) {
            long left = (end - Clock.SYSTEM.now().nanos()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return done >= target;
    }

    /** Ends it. */
    public synchronized void close() {
        closed = true;
        notifyAll();
        thread.interrupt();
    }

    private void keep() {
        try {
            long pause = 0;
            while (awaitTurn(pause)) {
                long target = target();
                Upkeep.Outcome outcome = attempt();
                report(outcome);
                if (outcome.step() == Upkeep.Step.OVER) {
                    close();
                    return;
                }
                pause = pause(outcome, target);
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "ends: {0}", upkeep.name());
        }
    }

    private synchronized long target() {
        return wanted;
    }

    private Upkeep.Outcome attempt() throws InterruptedException {
        try {
            return upkeep.attempt();
        } catch (IOException e) {
            return new Upkeep.Outcome(Upkeep.Step.RETRY, upkeep.name() + ": " + e.getMessage(), 0);
        } catch (RuntimeException e) {
            return new Upkeep.Outcome(Upkeep.Step.RETRY, upkeep.name() + ": a defect, " + e, 0);
        }
    }

    private synchronized long pause(Upkeep.Outcome outcome, long target) {
        switch (outcome.step()) {
            case DONE -> {
                done = Math.max(done, target);
                failures = 0;
                notifyAll();
                return SURE_MILLIS;
            }
            case REFUSED -> {
                failures = 0;
                return REFUSED_MILLIS;
            }
            default -> {
                long most = Math.min(PAUSE_MILLIS_MAX, PAUSE_MILLIS << Math.min(failures++, 10));
                long jittered = most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1);
                return Math.max(outcome.afterMillis(), jittered);
            }
        }
    }

    /** Waits for that long, or until something changed after the last attempt. */
    private synchronized boolean awaitTurn(long millis) throws InterruptedException {
        long seen = attempted;
        long end = Clock.SYSTEM.now().nanos() + millis * 1_000_000;
        while (!closed && wanted == seen) {
            long left = (end - Clock.SYSTEM.now().nanos()) / 1_000_000;
            if (left <= 0) {
                break;
            }
            wait(left);
        }
        attempted = wanted;
        return !closed;
    }

    private void report(Upkeep.Outcome outcome) {
        String words = outcome.words().isEmpty() ? null : outcome.words();
        if (words != null && !words.equals(complaint) && outcome.step() != Upkeep.Step.CONFLICT) {
            LOG.log(System.Logger.Level.WARNING, words);
        } else if (words == null && complaint != null) {
            LOG.log(System.Logger.Level.INFO, upkeep.name() + " is kept again");
        }
        complaint = words;
    }
}
