package io.holdfast.zab.core.sync;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.SyncMode;
import io.holdfast.zab.core.Trace;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.leading.SyncPlan;
import io.holdfast.zab.core.message.NewLeader;
import io.holdfast.zab.core.message.SyncBegin;
import io.holdfast.zab.core.message.SyncNack;
import io.holdfast.zab.core.message.SyncTxn;
import io.holdfast.zab.core.state.History;
import io.holdfast.zab.core.state.Replica;
import org.jspecify.annotations.Nullable;

/**
 * Sends this voter's history to the candidate that it follows and that lacks some of it (protocol.md#history-fetch).
 * Nothing is added to that history meanwhile: a learner logs only what its leader sends.
 *
 * <p>Each request is answered by one part: a snapshot, or transactions that are few beside what a link holds. The
 * candidate requests the next part when it has stored that one; behind the last part follows NEWLEADER.
 */
final class HistorySource {

    private final Replica replica;
    private @Nullable SyncPlan plan;

    HistorySource(Replica replica) {
        this.replica = replica;
    }

    /** Sends what a history that ends at {@code last} lacks. */
    void send(Link to, Zxid last) {
        begin(to, SyncPlan.of(replica.history(), replica.snapshot(), last));
    }

    /** The candidate does not have what was sent to follow: further back, or a snapshot. */
    void refused(Link to, SyncNack nack) {
        SyncPlan before = plan;
        if (before == null) {
            return;
        }
        if (nack.at().equals(before.from().zxid())) {
            replica.effects().trace(new Trace.Diverged(to.peer(), nack.at()));
        }
        begin(to, before.refused(replica.history(), replica.snapshot(), nack.at()));
    }

    private void begin(Link to, SyncPlan wanted) {
        History history = replica.history();
        SyncPlan next = wanted.within(
                history,
                replica.snapshot(),
                replica.config().windowTxns(),
                replica.config().windowBytesMax());
        boolean continues = plan != null && next.mode() == SyncMode.DIFF;
        plan = next;
        Position from = next.from();
        Position last = history.last();
        int first = history.firstAfter(from.zxid());
        int end = first;
        long bytes = 0;
        while (next.mode() != SyncMode.SNAP && end < history.size() && admits(end - first, bytes, history.get(end))) {
            bytes += history.get(end).weight();
            end++;
        }
        replica.effects().send(to, new SyncBegin(next.mode(), from.zxid(), from.chainHash(), end - first, bytes));
        if (next.mode() == SyncMode.SNAP) {
            replica.effects().sendSnapshot(to, from.zxid(), Long.MAX_VALUE);
        }
        for (int i = first; i < end; i++) {
            replica.effects().send(to, new SyncTxn(history.get(i)));
        }
        if (end == history.size()) {
            replica.effects().send(to, new NewLeader(replica.currentEpoch(), last.zxid(), last.chainHash()));
        }
        if (!continues) {
            replica.effects().trace(new Trace.Syncing(to.peer(), next.mode(), from.zxid(), last.zxid()));
        }
    }

    private boolean admits(int txns, long bytes, Txn next) {
        return txns == 0
                || (txns < replica.config().aheadTxns()
                        && bytes + next.weight() <= replica.config().aheadBytes());
    }
}
