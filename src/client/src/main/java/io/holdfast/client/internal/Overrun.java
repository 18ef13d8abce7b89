package io.holdfast.client.internal;

/** Looks after one piece of work: that it has ended when its lease is over. Any thread. */
final class Overrun {

    private boolean running = true;

    private Overrun() {}

    /** Begins with the work. */
    static Overrun watch(LeaseHandle lease) {
        Overrun work = new Overrun();
        lease.onLoss(() -> {
            if (work.isRunning()) {
                lease.conduct().overrun(lease);
            }
        });
        return work;
    }

    private synchronized boolean isRunning() {
        return running;
    }

    /** The work ended. */
    synchronized void end() {
        running = false;
    }
}
