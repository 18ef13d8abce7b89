package io.holdfast.zab.core.sync;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.SyncMode;
import io.holdfast.zab.core.Trace;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Vote;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.election.Election;
import io.holdfast.zab.core.following.Following;
import io.holdfast.zab.core.following.LearnerStage;
import io.holdfast.zab.core.message.Ack;
import io.holdfast.zab.core.message.AckNewLeader;
import io.holdfast.zab.core.message.Commit;
import io.holdfast.zab.core.message.HistoryRequest;
import io.holdfast.zab.core.message.Inform;
import io.holdfast.zab.core.message.NewLeader;
import io.holdfast.zab.core.message.Ping;
import io.holdfast.zab.core.message.Pong;
import io.holdfast.zab.core.message.Proposal;
import io.holdfast.zab.core.message.SnapshotChunk;
import io.holdfast.zab.core.message.SyncBegin;
import io.holdfast.zab.core.message.SyncNack;
import io.holdfast.zab.core.message.SyncProgress;
import io.holdfast.zab.core.message.SyncTxn;
import io.holdfast.zab.core.message.UpToDate;
import io.holdfast.zab.core.stage.Transitions;
import io.holdfast.zab.core.state.History;
import io.holdfast.zab.core.state.Replica;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Synchronization as a learner sees it (protocol.md#synchronization): it adopts the leader's history, durably, then
 * acknowledges it.
 *
 * <p>Truncation and transactions go to the log as they come and the epoch after them: a crash in between leaves a
 * prefix of the leader's history under the old epoch, which loses nothing that is committed
 * (protocol.md#write-ahead-log).
 */
public final class LearnerSync extends LearnerStage {

    /** For a leader that lacks some of it. */
    private final HistorySource source;

    /** What the leader announced; null before, and again after this learner refused it. */
    private @Nullable SyncBegin begun;

    /** A leader that does not wait may send so many times {@link io.holdfast.zab.core.ZabConfig#windowBytesMax}. */
    private static final int AFTER_SNAPSHOT_WINDOWS = 4;

    /** Transactions that follow a snapshot wait here until it is durable; a leader that feeds at a pace sends none. */
    private final Queue<Txn> afterSnapshot = new ArrayDeque<>();

    private long afterSnapshotBytes;

    private boolean installed;
    private @Nullable NewLeader newLeader;
    private boolean adopting;
    private boolean acknowledged;

    public LearnerSync(Replica replica, Transitions transitions, Following following, Election election) {
        super(replica, transitions, following, election);
        this.source = new HistorySource(replica);
    }

    @Override
    public Phase phase() {
        return Phase.SYNCHRONIZATION;
    }

    @Override
    protected long silenceLimitMillis() {
        // Until the leader pings, which it does once its quorum promised, the limit of discovery holds.
        return begun == null
                ? replica.config().initLimitMillis()
                : replica.config().syncLimitMillis();
    }

    @Override
    public void enter() {}

    /** The leader that was elected finds that it lacks some of this server's history, and cannot do without it. */
    @Override
    public void onHistoryRequest(Link from, HistoryRequest request) {
        if (ignore(from, request)) {
            return;
        }
        if (begun != null || following.isRelayed() || !isMoreRecentThan(request)) {
            ignored(from, request, "this server has nothing for it");
            return;
        }
        source.send(from, request.last());
    }

    private boolean isMoreRecentThan(HistoryRequest request) {
        return new Vote(replica.currentEpoch(), replica.lastDurable(), leader())
                        .compareTo(new Vote(request.currentEpoch(), request.last(), leader()))
                > 0;
    }

    @Override
    public void onSyncNack(Link from, SyncNack nack) {
        if (!ignore(from, nack)) {
            source.refused(from, nack);
        }
    }

    @Override
    public void onSyncBegin(Link from, SyncBegin begin) {
        if (ignore(from, begin)) {
            return;
        }
        if (begun != null) {
            ignored(from, begin, "synchronization is under way");
            return;
        }
        if (begin.mode() != SyncMode.SNAP && !shareHistoryUpTo(begin)) {
            return;
        }
        begun = begin;
        if (begin.mode() == SyncMode.SNAP && begin.isPaced()) {
            replica.effects().expectSnapshot(begin.from(), begin.snapshotBytes());
        }
        if (begin.mode() == SyncMode.TRUNC && replica.lastLogged().isAfter(begin.from())) {
            replica.truncate(begin.from());
        }
    }

    /** Compares before anything is touched; refuses when this learner does not have the leader's position. */
    private boolean shareHistoryUpTo(SyncBegin begin) {
        History history = replica.history();
        if (begin.from().equals(Zxid.ZERO) && begin.mode() == SyncMode.TRUNC && isCommitted()) {
            // Whatever was committed here is not dropped for a history without it; a snapshot replaces it as a whole.
            replica.effects().trace(new Trace.Diverged(leader(), replica.lastCommitted()));
            sendToLeader(new SyncNack(replica.lastCommitted()));
            leaveUpstream(upstreamName() + " has another history than the one that is committed here");
            return false;
        }
        if (begin.from().isBefore(history.start().zxid()) || begin.from().isBefore(replica.lastCommitted())) {
            // No leader that a quorum elected lacks what is committed; this server keeps it, and stays out.
            String what = "goes back to " + begin.from() + ", before the committed " + replica.lastCommitted();
            replica.effects().trace(new Trace.Impossible(following.upstream(), what));
            giveUp(upstreamName() + " " + what);
            return false;
        }
        Position mine = history.floor(begin.from());
        if (mine.zxid().equals(begin.from()) && mine.chainHash() == begin.chainHash()) {
            return true;
        }
        if (mine.zxid().equals(begin.from())) {
            replica.effects().trace(new Trace.Diverged(leader(), begin.from()));
        }
        sendToLeader(new SyncNack(mine.zxid()));
        return false;
    }

    private boolean isCommitted() {
        return replica.lastCommitted().isAfter(Zxid.ZERO)
                || replica.history().start().zxid().isAfter(Zxid.ZERO);
    }

    @Override
    public void onSnapshotChunk(Link from, SnapshotChunk chunk) {
        if (ignore(from, chunk) || begun == null || !awaitsSnapshot()) {
            return;
        }
        replica.effects().storeSnapshot(begun.from(), chunk);
    }

    @Override
    public void snapshotReceived(Zxid zxid, long bytes) {
        if (begun != null && begun.isPaced() && awaitsSnapshot() && zxid.equals(begun.from())) {
            sendToLeader(new SyncProgress(bytes, Zxid.ZERO));
        }
    }

    @Override
    public void snapshotStored(Position at, Configuration configuration) {
        if (begun == null || !awaitsSnapshot() || !at.zxid().equals(begun.from())) {
            return;
        }
        if (at.chainHash() != begun.chainHash()) {
            refuse("the snapshot at " + at.zxid() + " is not the one that the leader announced");
            return;
        }
        installed = true;
        replica.install(at, configuration);
        while (!afterSnapshot.isEmpty()) {
            if (!take(afterSnapshot.remove())) {
                return;
            }
        }
        adoptIfComplete();
    }

    @Override
    public void snapshotRefused(Zxid zxid, String reason) {
        if (begun == null || !awaitsSnapshot() || !zxid.equals(begun.from())) {
            // Of a leader before this one.
            return;
        }
        refuse("the snapshot at " + zxid + " from " + upstreamName() + " is not usable: " + reason);
    }

    /** Leaves, and tells why when the leader understands it. */
    private void refuse(String reason) {
        if (begun != null && begun.isPaced()) {
            sendToLeader(new SyncNack(replica.lastLogged(), reason));
        }
        leaveUpstream(reason);
    }

    private boolean awaitsSnapshot() {
        return begun != null && begun.mode() == SyncMode.SNAP && !installed;
    }

    @Override
    public void onSyncTxn(Link from, SyncTxn message) {
        if (ignore(from, message) || begun == null) {
            return;
        }
        take(message.txn());
    }

    /** Proposals that the leader makes meanwhile follow its history on the same link. */
    @Override
    public void onProposal(Link from, Proposal proposal) {
        if (ignore(from, proposal) || begun == null) {
            return;
        }
        following.committed(proposal.committed());
        take(proposal.txn());
    }

    /** What is committed meanwhile follows the history, too. */
    @Override
    public void onInform(Link from, Inform inform) {
        if (ignore(from, inform, inform.epoch()) || begun == null) {
            return;
        }
        following.committed(inform.txn().zxid());
        take(inform.txn());
    }

    /** Returns false when the transaction does not fit, which ends this stage. */
    private boolean take(Txn txn) {
        if (awaitsSnapshot()) {
            afterSnapshot.add(txn);
            afterSnapshotBytes += txn.weight();
            if (afterSnapshotBytes > AFTER_SNAPSHOT_WINDOWS * replica.config().windowBytesMax()) {
                leaveUpstream(upstreamName() + " sends more behind a snapshot than fits into memory");
                return false;
            }
        } else if (!replica.history().continuesWith(txn)) {
            traceIfDiverged(txn);
            leaveUpstream(upstreamName() + " sent " + txn.zxid() + " after " + txn.previous()
                    + ", but the history ends at " + replica.lastLogged());
            return false;
        } else {
            replica.append(txn);
        }
        return true;
    }

    @Override
    public void onNewLeader(Link from, NewLeader message) {
        if (ignore(from, message, message.epoch()) || begun == null) {
            return;
        }
        newLeader = message;
        adoptIfComplete();
    }

    private void adoptIfComplete() {
        NewLeader complete = newLeader;
        if (complete == null || adopting || awaitsSnapshot()) {
            return;
        }
        History history = replica.history();
        Position cut =
                complete.cut().isBefore(history.start().zxid()) ? history.start() : history.floor(complete.cut());
        if (!cut.zxid().equals(complete.cut()) || cut.chainHash() != complete.chainHash()) {
            replica.effects().trace(new Trace.Diverged(leader(), complete.cut()));
            leaveUpstream("the history that " + upstreamName() + " sent does not end at " + complete.cut());
            return;
        }
        adopting = true;
        replica.adopt(complete.epoch());
    }

    /** History and epoch are durable: only now may the leader count this learner (protocol.md#p4). */
    @Override
    public void persisted(LogRecord record) {
        if (record instanceof LogRecord.AdoptEpoch && newLeader != null && begun != null && !acknowledged) {
            acknowledged = true;
            following.acknowledged(newLeader.cut());
            sendToLeader(new AckNewLeader(newLeader.epoch(), newLeader.cut()));
            replica.effects()
                    .trace(new Trace.Synced(following.upstream(), begun.mode(), begun.from(), newLeader.cut()));
        }
    }

    /**
     * A proposal is acknowledged after NEWLEADER only, or the leader could not tell what was adopted (ZOOKEEPER-4685).
     */
    @Override
    public void persistedBatch() {
        if (begun != null && begun.isPaced() && !acknowledged && !awaitsSnapshot()) {
            sendToLeader(new SyncProgress(begun.snapshotBytes(), replica.lastDurable()));
        }
        if (replica.isVoter()
                && acknowledged
                && newLeader != null
                && replica.lastDurable().isAfter(newLeader.cut())) {
            following.acknowledged(replica.lastDurable());
            sendToLeader(new Ack(following.epoch(), replica.lastDurable()));
        }
    }

    @Override
    public void onCommit(Link from, Commit commit) {
        if (!ignore(from, commit, commit.epoch())) {
            following.committed(commit.committed());
        }
    }

    @Override
    public void onPing(Link from, Ping ping) {
        if (ignore(from, ping, ping.epoch())) {
            return;
        }
        following.committed(ping.committed());
        if (following.isRelayed()) {
            following.confirmed(replica.now() - TimeUnit.MILLISECONDS.toNanos(Math.max(0, ping.quorumAgeMillis())));
        }
        sendToLeader(new Pong(
                ping.epoch(), ping.round(), replica.lastDurable(), replica.lastCommitted(), replica.lastApplied()));
    }

    @Override
    public void onUpToDate(Link from, UpToDate upToDate) {
        if (ignore(from, upToDate, upToDate.epoch())) {
            return;
        }
        if (!acknowledged) {
            leaveUpstream(upstreamName() + " says up to date before this server adopted its history");
            return;
        }
        election.synced();
        following.committed(upToDate.committed());
        if (!following.isRelayed()) {
            // A follower says with a heartbeat how long ago it heard the leader; its own word is not the leader's.
            following.confirmed(replica.now());
        }
        transitions.adopted();
    }
}
