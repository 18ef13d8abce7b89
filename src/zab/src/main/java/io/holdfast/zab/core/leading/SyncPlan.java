package io.holdfast.zab.core.leading;

import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.SyncMode;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.state.History;

/**
 * How to bring a learner to a leader's history, as a pure function of both (protocol.md#synchronization).
 *
 * @param mode how
 * @param from where the leader's transactions continue
 */
public record SyncPlan(SyncMode mode, Position from) {

    /**
     * Returns the plan for a learner whose last transaction is {@code learnerLast}.
     *
     * @param snapshot the leader's newest snapshot, which its history reaches back to
     */
    public static SyncPlan of(History history, Position snapshot, Zxid learnerLast) {
        if (learnerLast.isBefore(history.start().zxid())) {
            return snap(snapshot);
        }
        Position common = history.floor(learnerLast);
        return common.zxid().equals(learnerLast)
                ? new SyncPlan(SyncMode.DIFF, common)
                : new SyncPlan(SyncMode.TRUNC, common);
    }

    /**
     * Returns the plan for a learner that has nothing usable in common with the leader. While there is no snapshot, the
     * leader's history is whole: the learner drops all that it has and gets all of that.
     */
    public static SyncPlan snap(Position snapshot) {
        return new SyncPlan(snapshot.equals(Position.START) ? SyncMode.TRUNC : SyncMode.SNAP, snapshot);
    }

    /** Returns whether there is nothing further back that could be tried when the learner refuses. */
    boolean isLast() {
        return mode == SyncMode.SNAP || from.equals(Position.START);
    }

    /**
     * Returns this plan, or a snapshot when one is newer and more than {@code txnsMax} transactions or {@code bytesMax}
     * bytes would be sent: what the leader keeps between two snapshots may be more than a link holds at once.
     */
    public SyncPlan within(History history, Position snapshot, int txnsMax, long bytesMax) {
        if (mode == SyncMode.SNAP || !snapshot.zxid().isAfter(from.zxid())) {
            return this;
        }
        int first = history.firstAfter(from.zxid());
        long bytes = 0;
        for (int i = first; i < history.size() && bytes <= bytesMax; i++) {
            bytes += history.get(i).weight();
        }
        return history.size() - first > txnsMax || bytes > bytesMax ? snap(snapshot) : this;
    }

    /** Returns this plan, or the way back to {@code cut} when it begins after it: a voter became an observer. */
    public SyncPlan upTo(Position cut) {
        return from.zxid().isAfter(cut.zxid()) ? new SyncPlan(SyncMode.TRUNC, cut) : this;
    }

    /**
     * Returns the next plan when the learner does not have {@link #from}: further back, or a snapshot when both have a
     * transaction under that zxid and they differ.
     *
     * @param at the learner's greatest position that is not after {@link #from}
     */
    public SyncPlan refused(History history, Position snapshot, Zxid at) {
        if (at.compareTo(from.zxid()) >= 0 || at.isBefore(history.start().zxid())) {
            return snap(snapshot);
        }
        return new SyncPlan(SyncMode.TRUNC, history.floor(at));
    }
}
