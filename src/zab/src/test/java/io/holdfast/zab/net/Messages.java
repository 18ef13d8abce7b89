package io.holdfast.zab.net;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberInfo;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.MemberState;
import io.holdfast.zab.core.Origin;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.StateDigest;
import io.holdfast.zab.core.SyncMode;
import io.holdfast.zab.core.Txn;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Draws messages of every type from a seed. */
final class Messages {

    private final Random random;

    Messages(long seed) {
        random = new Random(seed);
    }

    /** One of each election message, the notification with and without its votes. */
    List<ElectionMessage> election() {
        return List.of(
                new Hello(new DiskId(random.nextLong(), 3), servers()),
                new Hello(Set.of()),
                new Notification(role(), number(Notification.MAX_ROUND), vote(), vote(), epoch(), number(1L << 62)),
                new Notification(role(), number(99), null, null, 0, 0, new DiskId(random.nextLong(), 3)));
    }

    /** One of each replication message. */
    List<ReplicationMessage> replication() {
        long epoch = epoch();
        return List.of(
                new Ack(epoch, zxid()),
                new AckEpoch(epoch, epoch(), zxid(), random.nextLong()),
                new AckNewLeader(epoch, zxid()),
                new Commit(epoch, zxid()),
                new FollowerInfo(
                        new DiskId(random.nextLong(), random.nextLong()),
                        epoch,
                        server(),
                        number(1L << 62),
                        2,
                        servers(),
                        new MemberInfo("http://10.0.0." + random.nextInt(256) + ":8080", "0." + random.nextInt())),
                new FollowerInfo(
                        new DiskId(random.nextLong(), random.nextLong()), 0, null, number(1L << 62), 1, Set.of()),
                new HandOffRequest(server()),
                new HandOffRequest(null),
                new Inform(epoch, txn()),
                new LeaderInfo(epoch, server()),
                new LetGo(epoch, server()),
                new HistoryRequest(epoch, zxid()),
                new NewLeader(epoch, zxid(), random.nextLong()),
                new Ping(epoch, number(Fields.SIZE_MAX), zxid(), number(Fields.SIZE_MAX), digest()),
                new Overview(
                        epoch,
                        List.of(
                                new MemberState(
                                        server(), role(), Phase.of(random.nextInt(4)), zxid(), zxid(), zxid(), null),
                                new MemberState(
                                        server(),
                                        role(),
                                        Phase.BROADCAST,
                                        zxid(),
                                        zxid(),
                                        zxid(),
                                        new DiskId(1, 2),
                                        new MemberInfo("https://node-" + random.nextInt(99), null)))),
                new Pong(epoch, number(Fields.SIZE_MAX), zxid(), zxid(), zxid(), digest()),
                new Proposal(txn(), zxid()),
                new ReadIndex(random.nextLong()),
                new ReadIndexReply(random.nextLong(), zxid()),
                new Redirect(server()),
                new Relayed(
                        server(), random.nextLong(), new Request(random.nextLong(), TxnType.COMMAND, payload(2_000))),
                new Relayed(server(), random.nextLong(), new TouchReply(random.nextLong(), zxid())),
                new Request(random.nextLong(), TxnType.COMMAND, payload(2_000)),
                new Request(random.nextLong(), TxnType.CONFIGURATION, ConfigurationCodec.payload(configuration())),
                new RequestRefused(random.nextLong(), RequestFailure.of(1 + random.nextInt(10))),
                new SnapshotChunk(number(Fields.SIZE_MAX), payload(64 << 10), random.nextBoolean()),
                new SyncBegin(syncMode(), zxid(), random.nextLong(), number(Fields.SIZE_MAX), number(Fields.SIZE_MAX)),
                new SyncNack(zxid()),
                new SyncNack(zxid(), "The disk has no room."),
                new SyncProgress(number(Fields.SIZE_MAX), zxid()),
                new SyncBegin(
                        syncMode(),
                        zxid(),
                        random.nextLong(),
                        number(Fields.SIZE_MAX),
                        number(Fields.SIZE_MAX),
                        number(Fields.SIZE_MAX)),
                new SyncTxn(txn()),
                new TakeOver(epoch, server()),
                new Touch(random.nextLong(), payload(300)),
                new TouchReply(random.nextLong(), zxid()),
                new UpToDate(epoch, zxid()));
    }

    Payload payload(int lengthMax) {
        byte[] bytes = new byte[random.nextInt(lengthMax + 1)];
        random.nextBytes(bytes);
        return Payload.of(bytes);
    }

    Txn txn() {
        boolean changes = random.nextBoolean();
        return Txn.after(
                zxid(),
                random.nextLong(),
                zxid(),
                changes ? TxnType.CONFIGURATION : TxnType.COMMAND,
                new Origin(server(), random.nextLong()),
                changes ? ConfigurationCodec.payload(configuration()) : payload(1_000));
    }

    private long epoch() {
        return number(Zxid.MAX_EPOCH);
    }

    private long number(long max) {
        return random.nextLong(max + 1);
    }

    private Zxid zxid() {
        return new Zxid(random.nextInt(Integer.MAX_VALUE), Integer.toUnsignedLong(random.nextInt()));
    }

    private ServerId server() {
        return new ServerId(1 + random.nextInt(ServerId.MAX));
    }

    private Set<ServerId> servers() {
        Set<ServerId> servers = new TreeSet<>();
        int count = random.nextInt(Configuration.MAX_MEMBERS + 1);
        for (int i = 0; i < count; i++) {
            servers.add(server());
        }
        return servers;
    }

    private Vote vote() {
        return new Vote(epoch(), zxid(), server());
    }

    private @Nullable StateDigest digest() {
        return random.nextBoolean() ? null : new StateDigest(zxid().next(), random.nextLong());
    }

    private Role role() {
        return Role.values()[random.nextInt(Role.values().length)];
    }

    private SyncMode syncMode() {
        return SyncMode.values()[random.nextInt(SyncMode.values().length)];
    }

    private Configuration configuration() {
        List<Member> members = new ArrayList<>();
        members.add(new Member(new ServerId(1), MemberRole.VOTER, "höst.example", 65_535));
        for (int id = 2; id < 2 + random.nextInt(Configuration.MAX_MEMBERS - 1); id++) {
            MemberRole role = random.nextBoolean() ? MemberRole.VOTER : MemberRole.OBSERVER;
            Member member = new Member(new ServerId(id), role, "n" + id, 1 + random.nextInt(65_535));
            members.add(random.nextBoolean() ? member : member.withDisk(new DiskId(random.nextLong(), id)));
        }
        return new Configuration(number(1L << 62), 1 + random.nextInt(9), Configuration.DISKS_LEVEL, members);
    }
}
