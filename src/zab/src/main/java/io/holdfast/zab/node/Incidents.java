package io.holdfast.zab.node;

import io.holdfast.zab.core.ServerId;
import java.util.HashSet;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Keeps exceptions of a listener away from the node: what a listener does with the news is for clients and people, and
 * an error in it is the same on every node that has such a client. On the node's context.
 */
final class Incidents {

    private static final Logger LOG = Logger.getLogger(ZabNode.class);

    /** Different incidents that are logged, at most. */
    private static final int LOGGED_MAX = 100;

    private final ServerId self;
    private final NodeMetrics metrics;
    private final Set<String> logged = new HashSet<>();

    Incidents(ServerId self, NodeMetrics metrics) {
        this.self = self;
        this.metrics = metrics;
    }

    /** Tells a listener something; an exception is counted, and logged when it is the first of its kind and place. */
    void guard(String call, Runnable telling) {
        try {
            telling.run();
        } catch (RuntimeException e) {
            metrics.incident();
            StackTraceElement[] stack = e.getStackTrace();
            String kind = call + " " + e.getClass().getName() + (stack.length == 0 ? "" : " " + stack[0]);
            if (logged.size() < LOGGED_MAX && logged.add(kind)) {
                LOG.errorf(
                        e,
                        "server %s goes on after an error in what listens to it (%s); the same one is not logged again,"
                                + " please report it",
                        self,
                        call);
            }
        }
    }
}
