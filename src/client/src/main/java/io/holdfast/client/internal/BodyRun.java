package io.holdfast.client.internal;

import io.holdfast.client.Body;

/**
 * Runs one body under a lease: its thread is interrupted once at most, and never after the body returned. A flag that
 * only this set is cleared again.
 */
final class BodyRun {

    private static final System.Logger LOG = System.getLogger(BodyRun.class.getName());

    private final Thread thread = Thread.currentThread();
    private boolean running = true;
    private boolean interrupted;
    private boolean interruptedBefore;

    private BodyRun() {}

    /** Runs it on this thread. */
    static <T, X extends Exception> T run(LeaseHandle lease, Body<T, X> body) throws X {
        BodyRun run = new BodyRun();
        lease.onStopNow(run::stop);
        try {
            return body.run(lease);
        } finally {
            run.end(lease);
        }
    }

    private synchronized void stop() {
        if (running && !interrupted) {
            interrupted = true;
            interruptedBefore = thread.isInterrupted();
            thread.interrupt();
        }
    }

    private synchronized void end(LeaseHandle lease) {
        running = false;
        if (interrupted && !interruptedBefore && Thread.interrupted() && lease.isOver()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a body ran on when it was interrupted and its lease was over: {0}",
                    lease);
        }
    }
}
