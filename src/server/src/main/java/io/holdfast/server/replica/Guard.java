package io.holdfast.server.replica;

import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;

/**
 * Runs what follows from a transaction but decides nothing about it: who is answered, told or shown. A defect in there
 * is logged and counted as an incident and must not stop the node, since the same transaction would stop every other
 * node too. For any thread.
 */
final class Guard {

    private static final Logger LOG = Logger.getLogger("io.holdfast.replica");

    private final LongAdder incidents = new LongAdder();
    private volatile Runnable onIncident = () -> {};

    /** Has {@code counted} run at each incident from now on. */
    void onIncident(Runnable counted) {
        onIncident = counted;
    }

    /**
     * Runs an action.
     *
     * @param what it does, for the log
     * @param mended what makes up for it when it failed
     */
    void run(String what, Runnable action, Runnable mended) {
        try {
            action.run();
        } catch (RuntimeException defect) {
            incidents.increment();
            onIncident.run();
            LOG.errorf(defect, "Incident: %s failed; the node goes on: report this", what);
            try {
                mended.run();
            } catch (RuntimeException again) {
                LOG.errorf(again, "Incident: what makes up for it failed too: %s", what);
            }
        }
    }

    /** As {@link #run(String, Runnable, Runnable)} where there is nothing to make up for. */
    void run(String what, Runnable action) {
        run(what, action, () -> {});
    }

    /** Returns how many actions failed. */
    long incidents() {
        return incidents.sum();
    }
}
