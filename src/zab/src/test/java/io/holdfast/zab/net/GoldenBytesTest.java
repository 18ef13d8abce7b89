package io.holdfast.zab.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

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
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The bytes between peers are those of the releases before, in each version of the protocol. Who changes them on
 * purpose raises the version; then {@code target/golden-peer-protocol.txt} has what belongs into the resource.
 */
class GoldenBytesTest {

    private static final String RESOURCE = "/golden/peer-protocol.txt";

    private static final ServerId THREE = new ServerId(3);
    private static final DiskId DISK = new DiskId(0x1122334455667788L, 0x99aabbccddeeff00L);
    private static final Zxid ZXID = new Zxid(7, 0x01020304L);
    private static final Payload BYTES = Payload.of(new byte[] {1, 2, 3, (byte) 0xff});
    private static final Configuration MEMBERS = new Configuration(
            5,
            2,
            2,
            List.of(
                    new Member(new ServerId(1), MemberRole.VOTER, "one.example", 7_101, DISK),
                    new Member(THREE, MemberRole.OBSERVER, "10.0.0.3", 65_535)));
    private static final Txn TXN = Txn.after(
            new Zxid(7, 0x01020303L), 0x0f0e0d0c0b0a0908L, ZXID, TxnType.COMMAND, new Origin(THREE, 42), BYTES);
    private static final Txn CHANGE = Txn.after(
            ZXID, 1, ZXID.next(), TxnType.CONFIGURATION, new Origin(THREE, 43), ConfigurationCodec.payload(MEMBERS));

    private static final List<ElectionMessage> ELECTION = List.of(
            new Hello(new TreeSet<>(Set.of(new ServerId(1), THREE))),
            new Hello(DISK, Set.of()),
            new Notification(
                    Role.LOOKING, 9, new Vote(6, ZXID, THREE), new Vote(5, Zxid.ZERO, new ServerId(1)), 0, 5, DISK),
            new Notification(Role.FOLLOWING, 9, new Vote(6, ZXID, THREE), null, 7, 5),
            new Notification(Role.OBSERVING, 0, null, null, 0, 0),
            new Notification(Role.LEADING, 1, null, null, 8, 0));

    private static final List<ReplicationMessage> REPLICATION = List.of(
            new FollowerInfo(
                    DISK,
                    6,
                    THREE,
                    5,
                    2,
                    Set.of(new ServerId(1), new ServerId(65_535)),
                    new MemberInfo("http://10.0.0.3:8080", "0.1.0")),
            new FollowerInfo(DISK, 0, null, 0, 1, Set.of()),
            new LeaderInfo(7, THREE),
            new AckEpoch(7, 6, ZXID, 0x0102030405060708L),
            new SyncBegin(SyncMode.DIFF, ZXID, 11, 12, 13),
            new SyncBegin(SyncMode.TRUNC, ZXID, 11, 12, 13),
            new SyncBegin(SyncMode.SNAP, Zxid.ZERO, 0, 0, 0),
            new SyncTxn(TXN),
            new SyncTxn(CHANGE),
            new SnapshotChunk(65_536, BYTES, true),
            new SnapshotChunk(0, BYTES, false),
            new SyncNack(ZXID),
            new NewLeader(7, ZXID, 14),
            new AckNewLeader(7, ZXID),
            new UpToDate(7, ZXID),
            new Proposal(TXN, Zxid.ZERO),
            new Ack(7, ZXID),
            new Commit(7, ZXID),
            new Ping(7, 15, ZXID, 16),
            new Pong(7, 15, ZXID, Zxid.ZERO, ZXID.next()),
            new Request(17, TxnType.COMMAND, BYTES),
            new Request(18, TxnType.CONFIGURATION, ConfigurationCodec.payload(MEMBERS)),
            new RequestRefused(17, RequestFailure.OVERLOADED),
            new RequestRefused(17, RequestFailure.MALFORMED),
            new ReadIndex(19),
            new ReadIndexReply(19, ZXID),
            new Touch(20, BYTES),
            new TouchReply(20, ZXID),
            new Overview(
                    7,
                    List.of(
                            new MemberState(
                                    new ServerId(1),
                                    Role.LEADING,
                                    Phase.BROADCAST,
                                    ZXID,
                                    ZXID,
                                    Zxid.ZERO,
                                    DISK,
                                    new MemberInfo("https://one.example", "0.1.1")),
                            new MemberState(
                                    THREE, Role.OBSERVING, Phase.SYNCHRONIZATION, ZXID, ZXID, Zxid.ZERO, null))),
            new Inform(7, TXN),
            new HandOffRequest(THREE),
            new HandOffRequest(null),
            new TakeOver(7, THREE),
            new Relayed(THREE, 21, new Request(17, TxnType.COMMAND, BYTES)),
            new Relayed(THREE, 21, new RequestRefused(17, RequestFailure.CHANGE_PENDING)),
            new Redirect(THREE),
            new LetGo(7, THREE),
            new HistoryRequest(6, ZXID),
            new SyncBegin(SyncMode.SNAP, ZXID, 11, 12, 13, 14),
            new SyncNack(ZXID, "no room"),
            new SyncProgress(65_536, ZXID));

    @Test
    void everyFrameBetweenPeersHasTheBytesThatItAlwaysHad() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int version = 1; version <= Versions.NEWEST; version++) {
            for (ElectionMessage message : ELECTION) {
                MessageEncoder encoder = new MessageEncoder();
                encoder.put(message, version);
                lines.add(line(message.getClass().getSimpleName() + " v" + version, encoder.take()));
            }
            for (ReplicationMessage message : REPLICATION) {
                MessageEncoder encoder = new MessageEncoder();
                encoder.put(message, version);
                lines.add(line(message.getClass().getSimpleName() + " v" + version, encoder.take()));
            }
        }
        for (LinkKind kind : LinkKind.values()) {
            ByteBuffer greeting = ByteBuffer.allocate(Greeting.BYTES_MAX);
            new Greeting(1, 2, kind, THREE, 0x2122232425262728L, DISK, "orders", 1_795_276_800_123L).encode(greeting);
            lines.add(line("Greeting " + kind, greeting.flip()));
        }
        ByteBuffer refusal = ByteBuffer.allocate(Greeting.BYTES_MAX);
        Greeting.encodeRefusal(refusal, "server 3 is no member", 5);
        lines.add(line("Refusal", refusal.flip()));
        lines.add(line("Joining", Joining.answer(MEMBERS)));
        Path target = Files.createDirectories(Path.of("target")).resolve("golden-peer-protocol.txt");
        Files.writeString(target, String.join("\n", lines) + "\n");
        try (InputStream golden = GoldenBytesTest.class.getResourceAsStream(RESOURCE)) {
            assertNotNull(golden, RESOURCE);
            List<String> expected = new String(golden.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertEquals(String.join("\n", expected), String.join("\n", lines));
        }
    }

    @Test
    void everyMessageIsAmongThem() {
        Set<Class<?>> all = new HashSet<>(Set.of(ElectionMessage.class.getPermittedSubclasses()));
        all.addAll(Set.of(ReplicationMessage.class.getPermittedSubclasses()));
        Set<Class<?>> seen = new HashSet<>();
        List<Message> messages = new ArrayList<>(ELECTION);
        messages.addAll(REPLICATION);
        messages.forEach(message -> seen.add(message.getClass()));
        assertEquals(all, seen);
    }

    private static String line(String what, ByteBuffer frame) {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return what + " " + HexFormat.of().formatHex(bytes);
    }
}
