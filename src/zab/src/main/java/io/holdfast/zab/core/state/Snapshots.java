package io.holdfast.zab.core.state;

import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.ZabConfig;

/**
 * Decides when a snapshot is due, and how much may be applied beyond the newest one.
 *
 * <p>One is due after a distance: a number of transactions or bytes, and of a large state so many bytes that writing
 * the state anew is in proportion to them. The distance differs from server to server, so that they do not all take
 * theirs at once. The host keeps in memory what is applied since the newest snapshot, so while one is made no more than
 * some distances are applied.
 */
final class Snapshots {

    /** Distances that may lie between the newest snapshot and what is applied. */
    private static final int DISTANCES_MAX = 4;

    /** The part of a state's bytes that transactions must have before it is written anew: for each of theirs, four. */
    private static final int STATE_PART = 4;

    private final int txnsDue;
    private final long bytesDue;
    private final Count sinceNewest = new Count();
    private final Count sinceBegun = new Count();
    private Position newest;
    private long stateBytes;
    private boolean underWay;
    private boolean demanded;

    /** What was applied since something happened. */
    private static final class Count {
        private long txns;
        private long bytes;

        void add(Txn txn) {
            txns++;
            bytes += txn.weight();
        }

        void set(long otherTxns, long otherBytes) {
            txns = otherTxns;
            bytes = otherBytes;
        }
    }

    Snapshots(ZabConfig config, long seed, Position newest) {
        // From half to the whole of the configured distance, drawn from the seed.
        long spread = Long.remainderUnsigned((seed * 0x9E37_79B9_7F4A_7C15L) >>> 16, 512);
        this.txnsDue = (int) Math.max(1, config.snapshotTxns() - config.snapshotTxns() * spread / 1024);
        this.bytesDue = Math.max(1, config.snapshotBytes() - config.snapshotBytes() * spread / 1024);
        this.newest = newest;
    }

    Position newest() {
        return newest;
    }

    /** The state has that many bytes, by the last that was read or written. */
    void stateBytes(long bytes) {
        stateBytes = bytes;
    }

    void applied(Txn txn) {
        sinceNewest.add(txn);
        sinceBegun.add(txn);
    }

    boolean isDue() {
        return !underWay && (demanded || hasReached(sinceBegun, 1) || hasReached(sinceNewest, DISTANCES_MAX));
    }

    /**
     * Returns whether one that is due must not wait any more: it would hold up what is to be applied. That is far more
     * than a leader proposes between a change of the members and its activation.
     */
    boolean isOverdue() {
        return hasReached(sinceBegun, 2);
    }

    /** One is wanted as soon as it may be made, whatever its distance from the newest. */
    void demanded() {
        demanded = true;
    }

    /** Returns whether no more may be applied before the snapshot that is under way ends. */
    boolean isFull() {
        return underWay && hasReached(sinceNewest, DISTANCES_MAX);
    }

    boolean isUnderWay() {
        return underWay;
    }

    void begun() {
        underWay = true;
        demanded = false;
        sinceBegun.set(0, 0);
    }

    /** Returns whether the snapshot is news: one that a leader sent meanwhile is newer. */
    boolean taken(Position at) {
        underWay = false;
        boolean newer = at.zxid().isAfter(newest.zxid());
        if (newer) {
            newest = at;
            sinceNewest.set(sinceBegun.txns, sinceBegun.bytes);
        }
        return newer;
    }

    void failed() {
        underWay = false;
    }

    void installed(Position at) {
        newest = at;
        sinceNewest.set(0, 0);
        sinceBegun.set(0, 0);
    }

    private boolean hasReached(Count count, int distances) {
        return (count.txns >= (long) distances * txnsDue || count.bytes >= distances * bytesDue)
                && count.bytes >= distances * (stateBytes / STATE_PART);
    }
}
