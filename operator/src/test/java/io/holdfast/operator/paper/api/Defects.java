package io.holdfast.operator.paper.api;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What goes wrong between the API server and its clients, on demand; for any thread. */
public final class Defects {

    private final ObjectStore store;
    private final Watches watches;
    private volatile Duration latency = Duration.ZERO;
    private volatile boolean down;
    private final Map<String, Unreliable> unreliable = new ConcurrentHashMap<>();

    /** What becomes of a write. */
    enum Fate {
        /** It is carried out and answered. */
        ANSWERED,
        /** It is answered with 503 and not carried out. */
        REFUSED,
        /** It is carried out, and the connection ends without an answer. */
        UNANSWERED
    }

    /** Writes of one client, of which some fail. */
    private static final class Unreliable {
        private final int every;
        private int writes;
        private int failed;

        private Unreliable(int every) {
            this.every = every;
        }

        private synchronized Fate next() {
            writes++;
            if (writes % every != 0) {
                return Fate.ANSWERED;
            }
            failed++;
            return failed % 2 == 0 ? Fate.REFUSED : Fate.UNANSWERED;
        }

        private synchronized int failed() {
            return failed;
        }
    }

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

    /**
     * Writes of this client fail, each one of so many: in turns before and after they are carried out.
     *
     * @param every how many, or 0 for none from now on
     * @return how many writes of this client failed since this was called last
     */
    public int unreliableWrites(String agent, int every) {
        var before = every == 0 ? unreliable.remove(agent) : unreliable.put(agent, new Unreliable(every));
        return before == null ? 0 : before.failed();
    }

    Fate fate(String agent, String method) {
        var writes = method.equals("GET") ? null : unreliable.get(agent);
        return writes == null ? Fate.ANSWERED : writes.next();
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
