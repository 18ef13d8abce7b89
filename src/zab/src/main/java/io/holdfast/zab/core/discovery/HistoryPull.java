package io.holdfast.zab.core.discovery;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.SyncMode;
import io.holdfast.zab.core.Trace;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.leading.LearnerProgress;
import io.holdfast.zab.core.message.AckEpoch;
import io.holdfast.zab.core.message.HistoryRequest;
import io.holdfast.zab.core.message.NewLeader;
import io.holdfast.zab.core.message.SnapshotChunk;
import io.holdfast.zab.core.message.SyncBegin;
import io.holdfast.zab.core.message.SyncNack;
import io.holdfast.zab.core.state.History;
import io.holdfast.zab.core.state.Replica;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes the history of an elected candidate the same as that of one voter which is more recent
 * (protocol.md#history-fetch): so a server that reaches a quorum can lead it, whatever the others have.
 *
 * <p>The candidate becomes what the voter is, (adopted epoch, history), in the order that synchronization keeps:
 * truncation and transactions first, then the epoch. So a crash on the way leaves what a crash of a learner leaves, and
 * whatever held for the voter's history holds for the candidate's (decision 0032).
 *
 * <p>The history comes in parts, so that neither the link nor the queue of the log has to hold all of it: the next part
 * is requested when all before it is durable, and continues there. {@link LeaderDiscovery} drops the pull, and begins a
 * new election, when a method returns why it failed.
 */
final class HistoryPull {

    private final Replica replica;
    private final LearnerProgress source;
    private final AckEpoch wanted;

    /** What the source announced of the part under way; null before. */
    private @Nullable SyncBegin begun;

    private boolean installed;
    private boolean complete;

    /** Transactions of the part under way that were taken. */
    private long taken;

    /** The end that the source named; null before. */
    private @Nullable NewLeader end;

    /**
     * Asks for the history.
     *
     * @param source on its current link
     * @param wanted what the source said of its history when it promised
     */
    HistoryPull(Replica replica, LearnerProgress source, AckEpoch wanted) {
        this.replica = replica;
        this.source = source;
        this.wanted = wanted;
        request();
    }

    private void request() {
        replica.effects().send(source.link(), new HistoryRequest(replica.currentEpoch(), replica.lastLogged()));
    }

    /** Requests the next part when the one under way is durable and was not the last. */
    void requestMoreIfDurable() {
        if (isPartTaken() && replica.isDrained() && replica.lastLogged().isBefore(wanted.lastZxid())) {
            begun = null;
            installed = false;
            taken = 0;
            request();
        }
    }

    private boolean isPartTaken() {
        return begun != null && !awaitsSnapshot() && taken == begun.txns();
    }

    LearnerProgress source() {
        return source;
    }

    boolean isFrom(Link link) {
        return source.link().equals(link);
    }

    /** Returns whether all of it is durable. */
    boolean isDurable() {
        return complete && replica.isDrained();
    }

    /** The source says where its history goes on; refused when this one differs there. Returns why it failed. */
    @Nullable
    String onSyncBegin(SyncBegin begin) {
        if (begun != null) {
            return "began to send its history twice";
        }
        if (begin.mode() != SyncMode.SNAP) {
            History history = replica.history();
            if (begin.from().isBefore(history.start().zxid()) || begin.from().isBefore(replica.lastCommitted())) {
                return "goes back to " + begin.from() + ", before the committed " + replica.lastCommitted();
            }
            Position mine = history.floor(begin.from());
            if (!mine.equals(new Position(begin.from(), begin.chainHash()))) {
                if (mine.zxid().equals(begin.from())) {
                    replica.effects().trace(new Trace.Diverged(source.link().peer(), begin.from()));
                }
                replica.effects().send(source.link(), new SyncNack(mine.zxid()));
                return null;
            }
        }
        begun = begin;
        if (begin.mode() == SyncMode.TRUNC && replica.lastLogged().isAfter(begin.from())) {
            replica.truncate(begin.from());
        }
        return null;
    }

    void onSnapshotChunk(SnapshotChunk chunk) {
        if (awaitsSnapshot()) {
            replica.effects().storeSnapshot(Objects.requireNonNull(begun).from(), chunk);
        }
    }

    /** Returns why it failed; null when it goes on. */
    @Nullable
    String snapshotStored(Position at, Configuration configuration) {
        SyncBegin announced = begun;
        if (announced == null || !awaitsSnapshot() || !at.zxid().equals(announced.from())) {
            return null;
        }
        if (at.chainHash() != announced.chainHash()) {
            return "sent another snapshot at " + at.zxid() + " than it announced";
        }
        installed = true;
        replica.install(at, configuration);
        return adoptIfComplete();
    }

    /** Returns whether the snapshot that was refused is the one that is awaited. */
    boolean awaits(Zxid at) {
        return awaitsSnapshot() && Objects.requireNonNull(begun).from().equals(at);
    }

    private boolean awaitsSnapshot() {
        return begun != null && begun.mode() == SyncMode.SNAP && !installed;
    }

    /** Returns why it failed; null when it goes on. */
    @Nullable
    String take(Txn txn) {
        if (begun == null || complete) {
            return null;
        }
        if (awaitsSnapshot() || taken == begun.txns()) {
            return "sent " + txn.zxid() + ", which is no part of what it announced";
        }
        if (!replica.history().continuesWith(txn)) {
            return "sent " + txn.zxid() + " after " + txn.previous() + ", where the history ends at "
                    + replica.lastLogged();
        }
        taken++;
        replica.append(txn);
        return null;
    }

    /** Returns why it failed; null when it goes on. */
    @Nullable
    String onEnd(NewLeader message) {
        if (begun == null) {
            return null;
        }
        if (message.epoch() != wanted.currentEpoch()
                || !new Position(message.cut(), message.chainHash())
                        .equals(new Position(wanted.lastZxid(), wanted.chainHash()))) {
            return "has another history than it said when it promised";
        }
        end = message;
        return adoptIfComplete();
    }

    private @Nullable String adoptIfComplete() {
        NewLeader named = end;
        if (named == null || complete || awaitsSnapshot()) {
            return null;
        }
        if (!replica.history().last().equals(new Position(named.cut(), named.chainHash()))) {
            return "sent a history that does not end at " + named.cut();
        }
        complete = true;
        if (named.epoch() > replica.currentEpoch()) {
            replica.adopt(named.epoch());
        }
        return null;
    }
}
