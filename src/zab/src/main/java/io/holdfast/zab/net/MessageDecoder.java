package io.holdfast.zab.net;

import static io.holdfast.zab.net.Fields.getBoolean;
import static io.holdfast.zab.net.Fields.getDisk;
import static io.holdfast.zab.net.Fields.getEpoch;
import static io.holdfast.zab.net.Fields.getInfo;
import static io.holdfast.zab.net.Fields.getMembers;
import static io.holdfast.zab.net.Fields.getNumber;
import static io.holdfast.zab.net.Fields.getOptionalDisk;
import static io.holdfast.zab.net.Fields.getPayload;
import static io.holdfast.zab.net.Fields.getReason;
import static io.holdfast.zab.net.Fields.getServer;
import static io.holdfast.zab.net.Fields.getServers;
import static io.holdfast.zab.net.Fields.getSize;
import static io.holdfast.zab.net.Fields.getTxn;
import static io.holdfast.zab.net.Fields.getVote;
import static io.holdfast.zab.net.Fields.getZxid;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.MemberInfo;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.StateDigest;
import io.holdfast.zab.core.SyncMode;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Vote;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.Ack;
import io.holdfast.zab.core.message.AckEpoch;
import io.holdfast.zab.core.message.AckNewLeader;
import io.holdfast.zab.core.message.Commit;
import io.holdfast.zab.core.message.ElectionMessage;
import io.holdfast.zab.core.message.FollowerInfo;
import io.holdfast.zab.core.message.HandOffRequest;
import io.holdfast.zab.core.message.Hello;
import io.holdfast.zab.core.message.HistoryRequest;
import io.holdfast.zab.core.message.Inform;
import io.holdfast.zab.core.message.LeaderInfo;
import io.holdfast.zab.core.message.LetGo;
import io.holdfast.zab.core.message.Message;
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
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link MessageEncoder} wrote, and nothing else: a byte too many or too few is an error, and so is a number
 * that no server can have, such as an epoch beyond the last. What a message takes in memory is bounded by its frame.
 */
final class MessageDecoder {

    private MessageDecoder() {}

    static ReplicationMessage replication(ByteBuffer body, int version) throws FrameException {
        return whole(body, in -> replicationFields(in, version));
    }

    static ElectionMessage election(ByteBuffer body, int version) throws FrameException {
        return whole(body, in -> electionFields(in, version));
    }

    private static <M extends Message> M whole(ByteBuffer body, Function<ByteBuffer, M> fields) throws FrameException {
        int code = body.hasRemaining() ? body.get(body.position()) : 0;
        M message;
        try {
            message = fields.apply(body);
        } catch (BufferUnderflowException e) {
            throw new FrameException("a message of code " + code + " ends too early");
        } catch (IllegalArgumentException e) {
            throw new FrameException("a message of code " + code + " is malformed: " + e.getMessage());
        }
        if (body.hasRemaining()) {
            throw new FrameException("a message of code " + code + " has " + body.remaining() + " bytes too many");
        }
        return message;
    }

    private static ElectionMessage electionFields(ByteBuffer in, int version) {
        int code = in.get();
        return switch (code) {
            case MessageCode.HELLO -> hello(in, version);
            case MessageCode.NOTIFICATION -> notification(in, version);
            default -> throw new IllegalArgumentException("it is no election message");
        };
    }

    private static ReplicationMessage replicationFields(ByteBuffer in, int version) {
        int code = in.get();
        return switch (code) {
            case MessageCode.FOLLOWER_INFO -> followerInfo(in, version);
            case MessageCode.LEADER_INFO -> new LeaderInfo(getEpoch(in), getServer(in));
            case MessageCode.RELAYED -> new Relayed(getServer(in), in.getLong(), relayed(in, version));
            case MessageCode.REDIRECT -> new Redirect(getServer(in));
            case MessageCode.LET_GO -> new LetGo(getEpoch(in), getServer(in));
            case MessageCode.ACK_EPOCH -> new AckEpoch(getEpoch(in), getEpoch(in), getZxid(in), in.getLong());
            case MessageCode.SYNC_BEGIN -> syncBegin(in, version);
            case MessageCode.SYNC_TXN -> new SyncTxn(getTxn(in));
            case MessageCode.SNAPSHOT_CHUNK -> snapshotChunk(in);
            case MessageCode.SYNC_NACK ->
                version < Versions.PACED ? new SyncNack(getZxid(in)) : new SyncNack(getZxid(in), getReason(in));
            case MessageCode.SYNC_PROGRESS -> syncProgress(in, version);
            case MessageCode.NEW_LEADER -> new NewLeader(getEpoch(in), getZxid(in), in.getLong());
            case MessageCode.ACK_NEW_LEADER -> new AckNewLeader(getEpoch(in), getZxid(in));
            case MessageCode.UP_TO_DATE -> new UpToDate(getEpoch(in), getZxid(in));
            case MessageCode.PROPOSAL -> proposal(in);
            case MessageCode.INFORM -> new Inform(getEpoch(in), getTxn(in));
            case MessageCode.HAND_OFF_REQUEST -> new HandOffRequest(getBoolean(in) ? getServer(in) : null);
            case MessageCode.TAKE_OVER -> new TakeOver(getEpoch(in), getServer(in));
            case MessageCode.HISTORY_REQUEST -> new HistoryRequest(getEpoch(in), getZxid(in));
            case MessageCode.ACK -> new Ack(getEpoch(in), getZxid(in));
            case MessageCode.COMMIT -> new Commit(getEpoch(in), getZxid(in));
            case MessageCode.PING -> new Ping(getEpoch(in), getSize(in), getZxid(in), getSize(in), digest(in, version));
            case MessageCode.PONG ->
                new Pong(getEpoch(in), getSize(in), getZxid(in), getZxid(in), getZxid(in), digest(in, version));
            case MessageCode.OVERVIEW -> new Overview(getEpoch(in), getMembers(in, version));
            case MessageCode.REQUEST -> request(in, version);
            case MessageCode.REQUEST_REFUSED -> new RequestRefused(in.getLong(), RequestFailure.of(in.get()));
            case MessageCode.READ_INDEX -> new ReadIndex(in.getLong());
            case MessageCode.READ_INDEX_REPLY -> new ReadIndexReply(in.getLong(), getZxid(in));
            case MessageCode.TOUCH -> new Touch(in.getLong(), getPayload(in));
            case MessageCode.TOUCH_REPLY -> new TouchReply(in.getLong(), getZxid(in));
            default -> throw new IllegalArgumentException("it is no replication message");
        };
    }

    /** One message in another, never more: bytes of a stranger must not have this recur. */
    private static ReplicationMessage relayed(ByteBuffer in, int version) {
        if (in.hasRemaining() && in.get(in.position()) == MessageCode.RELAYED) {
            throw new IllegalArgumentException("a relayed message relays another");
        }
        return replicationFields(in, version);
    }

    /** What is in the payload, and whether it is what came in, is for the leader to judge and to answer. */
    private static Request request(ByteBuffer in, int version) {
        long requestId = in.getLong();
        TxnType type = TxnType.of(in.get());
        Payload payload = getPayload(in);
        if (type == TxnType.ACTIVATION) {
            throw new IllegalArgumentException("an activation is the leader's own");
        }
        return new Request(requestId, type, payload, version < Versions.CHECKED ? payload.crc32c() : in.getInt());
    }

    private static Hello hello(ByteBuffer in, int version) {
        Set<ServerId> reach = getServers(in);
        return new Hello(disk(in, version), reach);
    }

    private static @Nullable StateDigest digest(ByteBuffer in, int version) {
        if (version < Versions.DIGESTS) {
            return null;
        }
        Zxid zxid = getZxid(in);
        long digest = in.getLong();
        return zxid.equals(Zxid.ZERO) ? null : new StateDigest(zxid, digest);
    }

    private static @Nullable DiskId disk(ByteBuffer in, int version) {
        return version < Versions.DISKS ? null : getOptionalDisk(in);
    }

    private static Notification notification(ByteBuffer in, int version) {
        Role state = Role.of(in.get());
        long round = getNumber(in, Notification.MAX_ROUND);
        Vote vote = getVote(in);
        Vote candidacy = getVote(in);
        long leaderEpoch = getEpoch(in);
        long configVersion = getNumber(in, Configuration.MAX_VERSION);
        return new Notification(state, round, vote, candidacy, leaderEpoch, configVersion, disk(in, version));
    }

    private static FollowerInfo followerInfo(ByteBuffer in, int version) {
        DiskId disk = getDisk(in);
        long acceptedEpoch = getEpoch(in);
        ServerId promisedTo = getBoolean(in) ? getServer(in) : null;
        long configVersion = getNumber(in, Configuration.MAX_VERSION);
        Set<ServerId> avoids = getServers(in);
        int protocol = version < Versions.DISKS ? 1 : Short.toUnsignedInt(in.getShort());
        MemberInfo info = version < Versions.MEMBER_INFO ? MemberInfo.NONE : getInfo(in);
        return new FollowerInfo(disk, acceptedEpoch, promisedTo, configVersion, protocol, avoids, info);
    }

    private static SnapshotChunk snapshotChunk(ByteBuffer in) {
        long offset = getSize(in);
        boolean last = getBoolean(in);
        return new SnapshotChunk(offset, getPayload(in), last);
    }

    private static SyncBegin syncBegin(ByteBuffer in, int version) {
        SyncMode mode = SyncMode.of(in.get());
        Zxid from = getZxid(in);
        long chainHash = in.getLong();
        long txns = getSize(in);
        long bytes = getSize(in);
        if (version < Versions.PACED) {
            return new SyncBegin(mode, from, chainHash, txns, bytes);
        }
        long snapshotBytes = in.getLong();
        if (snapshotBytes < SyncBegin.UNPACED || snapshotBytes > Fields.SIZE_MAX) {
            throw new IllegalArgumentException("a snapshot of " + snapshotBytes + " bytes");
        }
        return new SyncBegin(mode, from, chainHash, txns, bytes, snapshotBytes);
    }

    private static SyncProgress syncProgress(ByteBuffer in, int version) {
        if (version < Versions.PACED) {
            throw new IllegalArgumentException("not a message of version " + version);
        }
        return new SyncProgress(getSize(in), getZxid(in));
    }

    private static Proposal proposal(ByteBuffer in) {
        Zxid committed = getZxid(in);
        return new Proposal(getTxn(in), committed);
    }
}
