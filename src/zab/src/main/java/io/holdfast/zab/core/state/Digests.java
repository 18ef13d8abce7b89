package io.holdfast.zab.core.state;

import io.holdfast.zab.core.StateDigest;
import io.holdfast.zab.core.Zxid;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the digests of this server's own states, and finds out when a quorum of voters had another state: the same
 * transactions led to something else here, by a defect, by damaged memory or by another release.
 *
 * <p>A server that finds itself in the minority must stop: what it answers is wrong, and it would be worse as a leader.
 */
public final class Digests {

    /** Digests kept; more than a server that is in step can be behind another. */
    private static final int KEPT = 4_096;

    private final long[] zxids = new long[KEPT];
    private final long[] digests = new long[KEPT];
    /** How many were taken since the state was replaced; an int would be used up within weeks. */
    private long taken;

    /** What a quorum agreed on after the newest digest here, to be compared once this server is there. */
    private @Nullable StateDigest ahead;

    /** This server's state had that digest; zxids rise. */
    public void taken(StateDigest own) {
        zxids[slot(taken)] = own.zxid().packed();
        digests[slot(taken)] = own.digest();
        taken++;
        StateDigest agreed = ahead;
        if (agreed != null && agreed.zxid().compareTo(own.zxid()) <= 0) {
            ahead = null;
            compare(agreed);
        }
    }

    /** The state is replaced by a snapshot. */
    void replaced() {
        taken = 0;
        ahead = null;
    }

    /** Returns the newest; null when none was taken yet. */
    public @Nullable StateDigest newest() {
        return taken == 0 ? null : at(taken - 1);
    }

    /** Returns this server's digest at that zxid; null when it has none, or not any more. */
    public @Nullable StateDigest at(Zxid zxid) {
        StateDigest found = floor(zxid);
        return found != null && found.zxid().equals(zxid) ? found : null;
    }

    /** Returns the newest digest at or before that zxid; null when there is none. */
    public @Nullable StateDigest floor(Zxid zxid) {
        long low = Math.max(0, taken - KEPT);
        long high = taken;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (zxids[slot(middle)] <= zxid.packed()) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == Math.max(0, taken - KEPT) ? null : at(low - 1);
    }

    /**
     * A quorum of voters has this digest.
     *
     * @throws BrokenInvariantException this server has another one
     */
    public void agreed(StateDigest agreed) {
        StateDigest newest = newest();
        if (newest != null && agreed.zxid().compareTo(newest.zxid()) <= 0) {
            compare(agreed);
        } else if (ahead == null) {
            // The first one stays: a server that is always a little behind would never come to the newest.
            ahead = agreed;
        }
    }

    private void compare(StateDigest agreed) {
        StateDigest own = at(agreed.zxid());
        Invariant.check(
                own == null || own.digest() == agreed.digest(),
                "the state of this server at %s has digest %016x, and that of a quorum of voters %016x: keep the data"
                        + " directory for analysis, and start this server with an empty one",
                agreed.zxid(),
                own == null ? 0 : own.digest(),
                agreed.digest());
    }

    private StateDigest at(long index) {
        return new StateDigest(Zxid.unpack(zxids[slot(index)]), digests[slot(index)]);
    }

    private static int slot(long index) {
        return (int) (index % KEPT);
    }
}
