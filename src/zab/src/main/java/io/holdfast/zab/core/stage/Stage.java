package io.holdfast.zab.core.stage;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.MemberState;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Trace;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.Ack;
import io.holdfast.zab.core.message.AckEpoch;
import io.holdfast.zab.core.message.AckNewLeader;
import io.holdfast.zab.core.message.Commit;
import io.holdfast.zab.core.message.FollowerInfo;
import io.holdfast.zab.core.message.HandOffRequest;
import io.holdfast.zab.core.message.HistoryRequest;
import io.holdfast.zab.core.message.Inform;
import io.holdfast.zab.core.message.LeaderInfo;
import io.holdfast.zab.core.message.LetGo;
import io.holdfast.zab.core.message.NewLeader;
import io.holdfast.zab.core.message.Notification;
import io.holdfast.zab.core.message.Overview;
import io.holdfast.zab.core.message.Ping;
import io.holdfast.zab.core.message.Pong;
import io.holdfast.zab.core.message.Proposal;
import io.holdfast.zab.core.message.ReadIndex;
import io.holdfast.zab.core.message.ReadIndexReply;
import io.holdfast.zab.core.message.Redirect;
import io.holdfast.zab.core.message.Relayed;
import io.holdfast.zab.core.message.ReplicationHandler;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.Request;
import io.holdfast.zab.core.message.RequestRefused;
import io.holdfast.zab.core.message.SnapshotChunk;
import io.holdfast.zab.core.message.SyncBegin;
import io.holdfast.zab.core.message.SyncNack;
import io.holdfast.zab.core.message.SyncProgress;
import io.holdfast.zab.core.message.SyncTxn;
import io.holdfast.zab.core.message.TakeOver;
import io.holdfast.zab.core.message.Touch;
import io.holdfast.zab.core.message.TouchReply;
import io.holdfast.zab.core.message.UpToDate;
import io.holdfast.zab.core.state.Replica;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One phase of one role. Whatever a stage does not expect is ignored and traced, so each stage says only what it acts
 * upon.
 */
public abstract class Stage implements ReplicationHandler {

    /** A time that never comes. */
    protected static final long NEVER = Long.MAX_VALUE;

    protected final Replica replica;
    protected final Transitions transitions;

    protected Stage(Replica replica, Transitions transitions) {
        this.replica = replica;
        this.transitions = transitions;
    }

    public abstract Role role();

    public abstract Phase phase();

    /** Returns whom this server follows or itself when it leads; null while looking. */
    public @Nullable ServerId leader() {
        return null;
    }

    /** Returns the epoch of the leader; 0 before it is known. */
    public long leaderEpoch() {
        return 0;
    }

    /** Called once, when this stage has become the current one. */
    public abstract void enter();

    /** Called once, when this stage gives way to looking; ends its links. */
    public void leave(String reason) {}

    /**
     * Called before each event, so that a server that was paused finds out that its time is over before it acts.
     *
     * @return false when the stage gave up and the event is void
     */
    public boolean stillValid() {
        return true;
    }

    /** Time has come to {@link #nextTick}. */
    public void tick() {}

    /** Returns when {@link #tick} is wanted. */
    public long nextTick() {
        return NEVER;
    }

    /** A voter published its vote or its leader. */
    public abstract void onNotification(ServerId from, Notification notification);

    /**
     * A server with a member's id, but not with its disk, published something: nobody counts it, but it has to find out
     * who leads.
     */
    public void onStranger(ServerId from, Notification notification) {}

    /** Returns whether a link that a learner opened is welcome; one that is not is closed. */
    public boolean accepted(Link link) {
        return false;
    }

    /** The link to the leader is open. */
    public void connected(Link link) {
        replica.effects().close(link, "no longer wanted");
    }

    /** The leader could not be reached. */
    public void connectFailed(ServerId leader) {}

    /** A link ended. */
    public void disconnected(Link link) {}

    /** A record of this server's log is durable. */
    public void persisted(LogRecord record) {}

    /** All records that the host named in one go are durable; acknowledgements are cumulative, so one suffices. */
    public void persistedBatch() {}

    /** The first {@code bytes} bytes of the snapshot that the leader sends are written; 0 when there is room for it. */
    public void snapshotReceived(Zxid zxid, long bytes) {}

    /** The snapshot that the leader sent is durable. */
    public void snapshotStored(Position at, Configuration configuration) {}

    /** The snapshot that the leader sent is not usable. */
    public void snapshotRefused(Zxid zxid, String reason) {}

    /** Returns the way to an established leader; null while there is none. */
    public @Nullable Upstream upstream() {
        return null;
    }

    /** Proposes a transaction of the leader's own; false when this server is no established leader of {@code epoch}. */
    public boolean propose(long epoch, long requestId, Payload payload) {
        return false;
    }

    /** Returns how many proposals are not committed. */
    public int outstanding() {
        return 0;
    }

    /** Returns how far the members are, as the leader said last; empty while there is none. */
    public List<MemberState> members() {
        return List.of();
    }

    /** Returns the members whose state is another than this leader's, ordered by id; empty where it does not lead. */
    public List<ServerId> differing() {
        return List.of();
    }

    /** Returns when a leader that a quorum follows was heard last. */
    public long leaderHeardAt() {
        return Long.MIN_VALUE;
    }

    protected final void send(Link link, ReplicationMessage message) {
        replica.effects().send(link, message);
    }

    protected final void ignored(Link from, ReplicationMessage message, String reason) {
        replica.effects()
                .trace(new Trace.Ignored(
                        message.getClass().getSimpleName(), from.peer().toString(), reason));
    }

    private void unexpected(Link from, ReplicationMessage message) {
        ignored(from, message, "not expected in " + role() + " " + phase());
    }

    @Override
    public void onAck(Link from, Ack ack) {
        unexpected(from, ack);
    }

    @Override
    public void onAckEpoch(Link from, AckEpoch ackEpoch) {
        unexpected(from, ackEpoch);
    }

    @Override
    public void onAckNewLeader(Link from, AckNewLeader ackNewLeader) {
        unexpected(from, ackNewLeader);
    }

    @Override
    public void onCommit(Link from, Commit commit) {
        unexpected(from, commit);
    }

    @Override
    public void onFollowerInfo(Link from, FollowerInfo followerInfo) {
        unexpected(from, followerInfo);
    }

    @Override
    public void onHandOffRequest(Link from, HandOffRequest handOffRequest) {
        unexpected(from, handOffRequest);
    }

    @Override
    public void onHistoryRequest(Link from, HistoryRequest historyRequest) {
        unexpected(from, historyRequest);
    }

    @Override
    public void onInform(Link from, Inform inform) {
        unexpected(from, inform);
    }

    @Override
    public void onLeaderInfo(Link from, LeaderInfo leaderInfo) {
        unexpected(from, leaderInfo);
    }

    @Override
    public void onLetGo(Link from, LetGo letGo) {
        unexpected(from, letGo);
    }

    @Override
    public void onNewLeader(Link from, NewLeader newLeader) {
        unexpected(from, newLeader);
    }

    @Override
    public void onOverview(Link from, Overview overview) {
        unexpected(from, overview);
    }

    @Override
    public void onPing(Link from, Ping ping) {
        unexpected(from, ping);
    }

    @Override
    public void onPong(Link from, Pong pong) {
        unexpected(from, pong);
    }

    @Override
    public void onProposal(Link from, Proposal proposal) {
        unexpected(from, proposal);
    }

    @Override
    public void onReadIndex(Link from, ReadIndex readIndex) {
        unexpected(from, readIndex);
    }

    @Override
    public void onReadIndexReply(Link from, ReadIndexReply readIndexReply) {
        unexpected(from, readIndexReply);
    }

    @Override
    public void onRedirect(Link from, Redirect redirect) {
        unexpected(from, redirect);
    }

    @Override
    public void onRelayed(Link from, Relayed relayed) {
        unexpected(from, relayed);
    }

    @Override
    public void onRequest(Link from, Request request) {
        unexpected(from, request);
    }

    @Override
    public void onRequestRefused(Link from, RequestRefused requestRefused) {
        unexpected(from, requestRefused);
    }

    @Override
    public void onSnapshotChunk(Link from, SnapshotChunk snapshotChunk) {
        unexpected(from, snapshotChunk);
    }

    @Override
    public void onSyncBegin(Link from, SyncBegin syncBegin) {
        unexpected(from, syncBegin);
    }

    @Override
    public void onSyncNack(Link from, SyncNack syncNack) {
        unexpected(from, syncNack);
    }

    @Override
    public void onSyncProgress(Link from, SyncProgress syncProgress) {
        unexpected(from, syncProgress);
    }

    @Override
    public void onSyncTxn(Link from, SyncTxn syncTxn) {
        unexpected(from, syncTxn);
    }

    @Override
    public void onTakeOver(Link from, TakeOver takeOver) {
        unexpected(from, takeOver);
    }

    @Override
    public void onTouch(Link from, Touch touch) {
        unexpected(from, touch);
    }

    @Override
    public void onTouchReply(Link from, TouchReply touchReply) {
        unexpected(from, touchReply);
    }

    @Override
    public void onUpToDate(Link from, UpToDate upToDate) {
        unexpected(from, upToDate);
    }
}
