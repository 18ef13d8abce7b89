package io.holdfast.client.internal;

import io.holdfast.client.Body;

/**
 * Runs one body under a lease: its thread is interrupted once at most, and never after the body returned. A flag that
 * only this set is cleared again.
 */
final class BodyRun {

    private final Thread thread = Thread.currentThread();
    private boolean running = true;
    private boolean interrupted;
    private boolean interruptedBefore;

    private BodyRun() {}

    /** Runs it on this thread. */
    static <T, X extends Exception> T run(LeaseHandle lease, Body<T, X> body) throws X {
        BodyRun run = new BodyRun();
        Overrun overrun = Overrun.watch(lease);
        if (lease.conduct().interrupts()) {
            lease.onStopNow(run::stop);
        }
        try {
            return body.run(lease);
        } finally {
            overrun.end();
            run.end();
        }
    }

    private synchronized void stop() {
        if (running && !interrupted) {
            interrupted = true;
            interruptedBefore = thread.isInterrupted();
            thread.interrupt();
        }
    }

    private synchronized void end() {
        running = false;
        if (interrupted && !interruptedBefore) {
            boolean unused = Thread.interrupted();
        }
    }
}
