package io.holdfast.operator.paper.api;

import java.time.Duration;

/** What goes wrong between the API server and its clients, on demand; for any thread. */
public final class Defects {

    private final ObjectStore store;
    private final Watches watches;
    private volatile Duration latency = Duration.ZERO;
    private volatile boolean down;

    Defects(ObjectStore store, Watches watches) {
        this.store = store;
        this.watches = watches;
    }

    /** Each answer takes this much longer. */
    public void latency(Duration each) {
        latency = each;
    }

    /** Connections are closed without an answer, those of watches at once. */
    public void down(boolean now) {
        down = now;
        if (now) {
            watches.close();
        }
    }

    /** Watches hear nothing, and lists from the server's cache stay as they are, until this ends. */
    public void staleCaches(boolean now) {
        if (now) {
            store.hold();
        } else {
            store.release();
        }
        watches.hold(now);
    }

    /** Ends every watch, as a server does that restarts. */
    public void closeWatches() {
        watches.close();
    }

    Duration latency() {
        return latency;
    }

    boolean isDown() {
        return down;
    }
}
