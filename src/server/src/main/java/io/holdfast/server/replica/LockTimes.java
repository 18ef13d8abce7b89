package io.holdfast.server.replica;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Cause;
import io.holdfast.lock.Change;
import io.holdfast.server.log.Episode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Measures at the leader how long tickets wait and grants hold, and how much expires. What began before this node led,
 * or before so many others that it was forgotten, is not measured. Used on the node's context only.
 */
final class LockTimes {

    private static final Logger LOG = Logger.getLogger("io.holdfast.leases");

    /** Tickets in line, and grants, whose begin is remembered. */
    private static final int REMEMBERED = 50_000;

    /** So many sessions that expire at once are news: a host died, or a network is cut. */
    private static final int MANY = 10;

    private final LockMetrics metrics;
    private final Episode expiries = new Episode(LOG, Logger.Level.WARN, "many sessions expire at once");
    private final Map<Long, Long> waitingSince = new LinkedHashMap<>();
    private final Map<Long, Long> heldSince = new LinkedHashMap<>();

    LockTimes(LockMetrics metrics) {
        this.metrics = metrics;
    }

    /** This node does not know what came before: it begins to lead, or does not lead. */
    void reset() {
        waitingSince.clear();
        heldSince.clear();
    }

    /** Follows what a transaction changed, at the leader. */
    void applied(long now, Applied applied) {
        int sessions = 0;
        int waits = 0;
        for (Change change : applied.changes()) {
            switch (change.kind()) {
                case WAITING -> remember(waitingSince, change.ticket(), applied.atMillis());
                case GRANTED -> granted(change, applied.atMillis());
                case RELEASED, EXPIRED, BROKEN, TRANSFERRED -> ended(change, applied.atMillis());
                case CANCELLED -> {
                    boolean known = waitingSince.remove(change.ticket()) != null;
                    waits += known && change.cause() == Cause.WAIT_OVER ? 1 : 0;
                }
                case SESSION_ENDED -> sessions += change.cause() == Cause.SESSION_EXPIRED ? 1 : 0;
                default -> {}
            }
        }
        if (sessions > 0) {
            metrics.sessionsExpired(sessions);
            if (sessions >= MANY) {
                expiries.happened(
                        now, sessions, sessions + " in the transaction " + Revision.unpack(applied.revision()));
            }
        }
        if (waits > 0) {
            metrics.waitsExpired(waits);
        }
    }

    /** A grant of several locks makes a change for each; the first one counts. */
    private void granted(Change change, long at) {
        Long since = waitingSince.remove(change.ticket());
        if (since != null) {
            metrics.waited(Math.max(0, at - since));
        }
        remember(heldSince, change.ticket(), at);
    }

    private void ended(Change change, long at) {
        Long since = heldSince.remove(change.ticket());
        if (since != null) {
            metrics.held(Math.max(0, at - since));
        }
    }

    private static void remember(Map<Long, Long> since, long ticket, long at) {
        since.putIfAbsent(ticket, at);
        if (since.size() > REMEMBERED) {
            since.remove(since.keySet().iterator().next());
        }
    }

    /** To be called about every second. */
    void tick(long now) {
        expiries.tick(now);
    }
}
