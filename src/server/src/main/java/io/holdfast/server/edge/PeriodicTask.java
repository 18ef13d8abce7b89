package io.holdfast.server.edge;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Runs an action on an event loop at intervals until it is cancelled. Netty ends a schedule silently at the first
 * exception; what is scheduled here shows that the loop is alive, so its end would get a healthy process killed.
 */
final class PeriodicTask {

    private static final Logger LOG = Logger.getLogger("io.holdfast.http");

    private PeriodicTask() {}

    /**
     * Schedules an action.
     *
     * @param what the action does, as the subject of a log line: {@code the sweep of connections}
     * @param millis between the end of one run and the beginning of the next, and before the first
     * @return for the caller to cancel
     */
    static Future<?> schedule(EventExecutor loop, long millis, String what, Runnable action) {
        return loop.scheduleWithFixedDelay(() -> run(what, action), millis, millis, TimeUnit.MILLISECONDS);
    }

    private static void run(String what, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.errorf(e, "Incident: %s failed and runs again when it is due: report this", what);
        }
    }
}
