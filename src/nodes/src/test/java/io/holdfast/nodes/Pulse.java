package io.holdfast.nodes;

import io.holdfast.ensemble.Ensemble;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One client that takes and releases a lock of its own all the time, and knows how long it had to wait for that. */
final class Pulse implements AutoCloseable {

    private static final long THINK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final Duration END_BOUND = Duration.ofMinutes(4);

    private final Ensemble ensemble;
    private final Thread thread = new Thread(this::run, "pulse");
    private volatile boolean stopping;
    private volatile Throwable failure;
    private volatile long turns;
    private long longestNanos;
    private long retries;

    /**
     * What it met since it was asked last.
     *
     * @param longest that one request took, all its tries together
     * @param retries how many requests had to be sent again
     */
    record Met(Duration longest, long retries) {}

    Pulse(Ensemble ensemble) {
        this.ensemble = ensemble;
        thread.start();
    }

    /** How many requests were answered; rises for as long as all is well. */
    long turns() {
        var failed = failure;
        if (failed != null) {
            throw new AssertionError("the pulse stopped: " + failed.getMessage(), failed);
        }
        return turns;
    }

    synchronized Met take() {
        var met = new Met(Duration.ofNanos(longestNanos), retries);
        longestNanos = 0;
        retries = 0;
        return met;
    }

    private synchronized void met(long nanos, long again) {
        longestNanos = Math.max(longestNanos, nanos);
        retries += again;
    }

    private void run() {
        try {
            var client = new Client(ensemble, ensemble.serving(0));
            var session = client.openSession();
            while (!stopping) {
                client.turnTo(ensemble.serving((int) turns));
                var before = client.retries();
                var begun = System.nanoTime();
                Client.granted(client.take("pulse-" + turns, session, "pulse", "10s"));
                var taken = System.nanoTime();
                Client.expect(204, client.release("pulse-" + turns));
                met(Math.max(taken - begun, System.nanoTime() - taken), client.retries() - before);
                turns++;
                LockSupport.parkNanos(THINK_NANOS);
            }
        } catch (RuntimeException | AssertionError e) {
            failure = e;
        }
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join(END_BOUND.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
