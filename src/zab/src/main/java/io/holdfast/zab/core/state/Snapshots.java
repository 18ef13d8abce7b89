package io.holdfast.zab.core.state;

import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.ZabConfig;

/**
 * Decides when a snapshot is due: after a number of transactions or bytes, which differs from server to server so that
 * they do not all take theirs at once.
 */
final class Snapshots {

    private final int txnsDue;
    private final long bytesDue;
    private Position newest;
    private int txns;
    private long bytes;
    private boolean underWay;

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

    void applied(Txn txn) {
        txns++;
        bytes += txn.weight();
    }

    boolean isDue() {
        return !underWay && (txns >= txnsDue || bytes >= bytesDue);
    }

    boolean isUnderWay() {
        return underWay;
    }

    void begun() {
        underWay = true;
        restartCount();
    }

    /** Returns whether the snapshot is news: one that a leader sent meanwhile is newer. */
    boolean taken(Position at) {
        underWay = false;
        boolean newer = at.zxid().isAfter(newest.zxid());
        if (newer) {
            newest = at;
        }
        return newer;
    }

    void failed() {
        underWay = false;
    }

    void installed(Position at) {
        newest = at;
        restartCount();
    }

    private void restartCount() {
        txns = 0;
        bytes = 0;
    }
}
