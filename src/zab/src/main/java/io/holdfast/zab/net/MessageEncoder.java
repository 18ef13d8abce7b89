package io.holdfast.zab.net;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.StateDigest;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.Ack;
import io.holdfast.zab.core.message.AckEpoch;
import io.holdfast.zab.core.message.AckNewLeader;
import io.holdfast.zab.core.message.Commit;
import io.holdfast.zab.core.message.ElectionHandler;
import io.holdfast.zab.core.message.ElectionMessage;
import io.holdfast.zab.core.message.FollowerInfo;
import io.holdfast.zab.core.message.HandOffRequest;
import io.holdfast.zab.core.message.Hello;
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
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages as frames, one after the other, into a buffer of its own: a code byte, then the fields in the order
 * of the record, as far as the version that the receiver speaks has them ({@link Versions}). It is a handler so that a
 * new message does not compile until it says how it is written.
 */
final class MessageEncoder implements ReplicationHandler, ElectionHandler {

    /** The fill at which a write is due. Whatever the fill is below it, one more frame of the largest size has room. */
    static final int FULL_BYTES = 128 << 10;

    private static final Link NOWHERE = new Link(new ServerId(1), 0);

    private int version = Versions.NEWEST;
    private final ByteBuffer out = ByteBuffer.allocate(FULL_BYTES + Frame.HEADER_BYTES + Frame.MAX_BODY_BYTES);

    /** Appends a frame; the caller looks at {@link #isFull} before. */
    void put(ReplicationMessage message, int spoken) {
        version = spoken;
        int start = Frame.begin(out);
        message.dispatch(NOWHERE, this);
        Frame.end(out, start);
    }

    /** Appends a frame; the caller looks at {@link #isFull} before. */
    void put(ElectionMessage message, int spoken) {
        version = spoken;
        int start = Frame.begin(out);
        message.dispatch(NOWHERE.peer(), this);
        Frame.end(out, start);
    }

    boolean isFull() {
        return out.position() >= FULL_BYTES;
    }

    boolean isEmpty() {
        return out.position() == 0;
    }

    /** Returns the frames since the last call, to be copied before the next {@link #put}. */
    ByteBuffer take() {
        ByteBuffer frames = out.duplicate().flip();
        out.clear();
        return frames;
    }

    private ByteBuffer code(int code) {
        return out.put((byte) code);
    }

    @Override
    public void onHello(ServerId from, Hello hello) {
        Fields.putServers(code(MessageCode.HELLO), hello.reach());
        if (version >= Versions.DISKS) {
            Fields.putOptionalDisk(out, hello.disk());
        }
    }

    @Override
    public void onNotification(ServerId from, Notification notification) {
        code(MessageCode.NOTIFICATION).put((byte) notification.state().code()).putLong(notification.round());
        Fields.putVote(out, notification.vote());
        Fields.putVote(out, notification.candidacy());
        out.putLong(notification.leaderEpoch()).putLong(notification.configVersion());
        if (version >= Versions.DISKS) {
            Fields.putOptionalDisk(out, notification.disk());
        }
    }

    @Override
    public void onFollowerInfo(Link from, FollowerInfo info) {
        Fields.putDisk(code(MessageCode.FOLLOWER_INFO), info.diskId());
        out.putLong(info.acceptedEpoch());
        ServerId promisedTo = info.acceptedLeader();
        Fields.putBoolean(out, promisedTo != null);
        if (promisedTo != null) {
            Fields.putServer(out, promisedTo);
        }
        out.putLong(info.configVersion());
        Fields.putServers(out, info.avoids());
        if (version >= Versions.DISKS) {
            out.putShort((short) info.protocol());
        }
        if (version >= Versions.MEMBER_INFO) {
            Fields.putInfo(out, info.info());
        }
    }

    @Override
    public void onHistoryRequest(Link from, HistoryRequest request) {
        Fields.putZxid(code(MessageCode.HISTORY_REQUEST).putLong(request.currentEpoch()), request.last());
    }

    @Override
    public void onLeaderInfo(Link from, LeaderInfo info) {
        Fields.putServer(code(MessageCode.LEADER_INFO).putLong(info.epoch()), info.leader());
    }

    @Override
    public void onLetGo(Link from, LetGo letGo) {
        Fields.putServer(code(MessageCode.LET_GO).putLong(letGo.epoch()), letGo.observer());
    }

    @Override
    public void onRedirect(Link from, Redirect redirect) {
        Fields.putServer(code(MessageCode.REDIRECT), redirect.relay());
    }

    @Override
    public void onRelayed(Link from, Relayed relayed) {
        Fields.putServer(code(MessageCode.RELAYED), relayed.server());
        out.putLong(relayed.via());
        relayed.message().dispatch(NOWHERE, this);
    }

    @Override
    public void onAckEpoch(Link from, AckEpoch ack) {
        code(MessageCode.ACK_EPOCH).putLong(ack.epoch()).putLong(ack.currentEpoch());
        Fields.putZxid(out, ack.lastZxid());
        out.putLong(ack.chainHash());
    }

    @Override
    public void onSyncBegin(Link from, SyncBegin sync) {
        code(MessageCode.SYNC_BEGIN).put((byte) sync.mode().code());
        Fields.putZxid(out, sync.from());
        out.putLong(sync.chainHash()).putLong(sync.txns()).putLong(sync.bytes());
        if (version >= Versions.PACED) {
            out.putLong(sync.snapshotBytes());
        }
    }

    @Override
    public void onSyncProgress(Link from, SyncProgress progress) {
        code(MessageCode.SYNC_PROGRESS).putLong(progress.snapshotBytes());
        Fields.putZxid(out, progress.durable());
    }

    @Override
    public void onSyncTxn(Link from, SyncTxn sync) {
        Fields.putTxn(code(MessageCode.SYNC_TXN), sync.txn());
    }

    @Override
    public void onSnapshotChunk(Link from, SnapshotChunk chunk) {
        code(MessageCode.SNAPSHOT_CHUNK).putLong(chunk.offset());
        Fields.putBoolean(out, chunk.last());
        Fields.putPayload(out, chunk.data());
    }

    @Override
    public void onSyncNack(Link from, SyncNack nack) {
        Fields.putZxid(code(MessageCode.SYNC_NACK), nack.at());
        if (version >= Versions.PACED) {
            Fields.putReason(out, nack.reason());
        }
    }

    @Override
    public void onNewLeader(Link from, NewLeader leader) {
        code(MessageCode.NEW_LEADER).putLong(leader.epoch());
        Fields.putZxid(out, leader.cut());
        out.putLong(leader.chainHash());
    }

    @Override
    public void onAckNewLeader(Link from, AckNewLeader ack) {
        code(MessageCode.ACK_NEW_LEADER).putLong(ack.epoch());
        Fields.putZxid(out, ack.cut());
    }

    @Override
    public void onUpToDate(Link from, UpToDate upToDate) {
        code(MessageCode.UP_TO_DATE).putLong(upToDate.epoch());
        Fields.putZxid(out, upToDate.committed());
    }

    @Override
    public void onProposal(Link from, Proposal proposal) {
        Fields.putZxid(code(MessageCode.PROPOSAL), proposal.committed());
        Fields.putTxn(out, proposal.txn());
    }

    @Override
    public void onInform(Link from, Inform inform) {
        code(MessageCode.INFORM).putLong(inform.epoch());
        Fields.putTxn(out, inform.txn());
    }

    @Override
    public void onHandOffRequest(Link from, HandOffRequest request) {
        ServerId successor = request.successor();
        Fields.putBoolean(code(MessageCode.HAND_OFF_REQUEST), successor != null);
        if (successor != null) {
            Fields.putServer(out, successor);
        }
    }

    @Override
    public void onTakeOver(Link from, TakeOver takeOver) {
        code(MessageCode.TAKE_OVER).putLong(takeOver.epoch());
        Fields.putServer(out, takeOver.successor());
    }

    @Override
    public void onAck(Link from, Ack ack) {
        code(MessageCode.ACK).putLong(ack.epoch());
        Fields.putZxid(out, ack.durable());
    }

    @Override
    public void onCommit(Link from, Commit commit) {
        code(MessageCode.COMMIT).putLong(commit.epoch());
        Fields.putZxid(out, commit.committed());
    }

    @Override
    public void onOverview(Link from, Overview overview) {
        code(MessageCode.OVERVIEW).putLong(overview.epoch());
        Fields.putMembers(out, overview.members(), version);
    }

    @Override
    public void onPing(Link from, Ping ping) {
        code(MessageCode.PING).putLong(ping.epoch()).putLong(ping.round());
        Fields.putZxid(out, ping.committed());
        out.putLong(ping.quorumAgeMillis());
        digest(ping.agreed());
    }

    @Override
    public void onPong(Link from, Pong pong) {
        code(MessageCode.PONG).putLong(pong.epoch()).putLong(pong.round());
        Fields.putZxid(out, pong.durable());
        Fields.putZxid(out, pong.committed());
        Fields.putZxid(out, pong.applied());
        digest(pong.state());
    }

    private void digest(@Nullable StateDigest digest) {
        if (version >= Versions.DIGESTS) {
            Fields.putZxid(out, digest == null ? Zxid.ZERO : digest.zxid());
            out.putLong(digest == null ? 0 : digest.digest());
        }
    }

    @Override
    public void onRequest(Link from, Request request) {
        code(MessageCode.REQUEST).putLong(request.requestId()).put((byte)
                request.type().code());
        Fields.putPayload(out, request.payload());
        if (version >= Versions.CHECKED) {
            out.putInt(request.crc32c());
        }
    }

    @Override
    public void onRequestRefused(Link from, RequestRefused refused) {
        RequestFailure reason = refused.reason();
        if (reason == RequestFailure.MALFORMED && version < Versions.MALFORMED) {
            // An older server knows no such reason, and must neither take it for damage nor try again.
            reason = RequestFailure.OUTCOME_UNKNOWN;
        }
        code(MessageCode.REQUEST_REFUSED).putLong(refused.requestId()).put((byte) reason.code());
    }

    @Override
    public void onReadIndex(Link from, ReadIndex read) {
        code(MessageCode.READ_INDEX).putLong(read.readId());
    }

    @Override
    public void onReadIndexReply(Link from, ReadIndexReply reply) {
        code(MessageCode.READ_INDEX_REPLY).putLong(reply.readId());
        Fields.putZxid(out, reply.index());
    }

    @Override
    public void onTouch(Link from, Touch touch) {
        code(MessageCode.TOUCH).putLong(touch.touchId());
        Fields.putPayload(out, touch.note());
    }

    @Override
    public void onTouchReply(Link from, TouchReply reply) {
        code(MessageCode.TOUCH_REPLY).putLong(reply.touchId());
        Fields.putZxid(out, reply.index());
    }
}
