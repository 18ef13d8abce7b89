package io.holdfast.ensemble.history;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Until when a client may trust its session without asking anybody: it counts from the moment when the request that was
 * confirmed last left it (protocol.md#t3).
 */
final class Belief {

    private static final long PER_MILLE = 1_000;

    private final Map<String, Long> until = new HashMap<>();

    /**
     * What all confirmed leases together say.
     *
     * @param driftPerMille how much the client's clock may be slower than the leader's
     * @param margin nanoseconds that a client gives up early
     */
    Belief(List<History.Lease> leases, long driftPerMille, long margin) {
        for (var lease : leases) {
            var end = lease.sent() + lease.ttl() - lease.ttl() / PER_MILLE * driftPerMille - margin;
            until.merge(lease.session(), end, Math::max);
        }
    }

    /** The end of this session's last confirmed lease, below every time when none was confirmed. */
    long until(String session) {
        return until.getOrDefault(session, -1L);
    }

    /** The end of what the client may believe of this grant; not after {@code confirmed} when it never might. */
    long until(Hold hold) {
        return Math.min(hold.releaseRequested(), until(hold.session()));
    }

    boolean everHeld(Hold hold) {
        return until(hold) > hold.confirmed();
    }
}
