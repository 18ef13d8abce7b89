package io.holdfast.zab.core.leading;

import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.SyncProgress;
import io.holdfast.zab.core.state.History;

/**
 * How much more a learner may be sent while it is synchronized: never more than a small part of the window beyond what
 * it says it has stored. So nothing waits in queues that the history has anyway, and a slow learner costs time only.
 */
final class Pace {

    private static final long PIECE_BYTES = 64 << 10;

    private final SyncPlan plan;
    private final long snapshotBytes;
    private final int txnsMax;
    private final long bytesMax;

    private boolean hasRoom;
    private long stored;
    private Zxid durable;
    private int txns;
    private long bytes;
    private boolean complete;

    /**
     * Begins a synchronization.
     *
     * @param snapshotBytes length of the snapshot's file; 0 when none is sent
     */
    Pace(SyncPlan plan, long snapshotBytes, ZabConfig config) {
        this.plan = plan;
        this.snapshotBytes = snapshotBytes;
        this.txnsMax = config.aheadTxns();
        this.bytesMax = config.aheadBytes();
        this.durable = snapshotBytes > 0 ? Zxid.ZERO : plan.from().zxid();
    }

    /** Returns whether the snapshot is not installed yet: no transaction is sent before. */
    boolean awaitsSnapshot() {
        return snapshotBytes > 0 && durable.isBefore(plan.from().zxid());
    }

    /** Returns up to which offset the snapshot may be sent now; 0 before the learner has said that it has room. */
    long snapshotLimit() {
        return hasRoom ? stored + Math.max(PIECE_BYTES, bytesMax) : 0;
    }

    /** Returns whether another transaction may be sent. */
    boolean admits(Txn txn) {
        return txns == 0 || (txns < txnsMax && bytes + txn.weight() <= bytesMax);
    }

    void sent(Txn txn) {
        txns++;
        bytes += txn.weight();
    }

    /**
     * The learner has stored something.
     *
     * @return whether that is more than before
     */
    boolean stored(SyncProgress progress, History history) {
        boolean more = progress.snapshotBytes() > stored || progress.durable().isAfter(durable) || !hasRoom;
        hasRoom = true;
        stored = Math.max(stored, Math.min(progress.snapshotBytes(), snapshotBytes));
        if (progress.durable().isAfter(durable)) {
            boolean installed = awaitsSnapshot();
            if (!installed) {
                forget(history, progress.durable());
            }
            durable = progress.durable();
        }
        return more;
    }

    private void forget(History history, Zxid upTo) {
        int end = history.firstAfter(upTo);
        for (int i = history.firstAfter(durable); i < end && txns > 0; i++) {
            txns--;
            bytes -= history.get(i).weight();
        }
    }

    /** Returns a number that grows with what is stored: bytes of the snapshot first, then the zxids behind it. */
    long reached() {
        return awaitsSnapshot() ? Math.min(stored, Integer.MAX_VALUE) : Integer.MAX_VALUE + durable.packed();
    }

    /** Returns from where on the history is needed. */
    Zxid needed() {
        return awaitsSnapshot() ? plan.from().zxid() : durable;
    }

    /** Returns whether the history was sent to its end, and NEWLEADER behind it. */
    boolean isComplete() {
        return complete;
    }

    void completed() {
        complete = true;
    }
}
