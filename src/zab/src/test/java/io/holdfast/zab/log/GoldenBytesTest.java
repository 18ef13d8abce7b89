package io.holdfast.zab.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Origin;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zxid;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What is on disks already must be readable for ever: every kind of record and file has the bytes that are in
 * golden/log.txt, and they mean what they meant. A change here is a change of format and needs a version of its own.
 */
class GoldenBytesTest {

    private static final int SALT = 0x1234_5678;
    private static final byte[] STATE = "the state of the application".getBytes(StandardCharsets.US_ASCII);
    private static final Position AT = new Position(new Zxid(3, 14), 0x0102_0304_0506_0708L);
    private static final DiskId DISK = new DiskId(0x1122_3344_5566_7788L, 0x99AA_BBCC_DDEE_FF00L);
    private static final Configuration FIRST = new Configuration(
            0,
            List.of(
                    new Member(new ServerId(1), MemberRole.VOTER, "node-1.example", 7101),
                    new Member(new ServerId(2), MemberRole.OBSERVER, "::1", 7102)));

    private static final Configuration WITH_DISKS = new Configuration(
            5,
            2,
            Configuration.DISKS_LEVEL,
            List.of(
                    new Member(new ServerId(1), MemberRole.VOTER, "node-1.example", 7101, DISK),
                    new Member(new ServerId(2), MemberRole.OBSERVER, "::1", 7102)));

    private final SimDisk disk = new SimDisk(1);
    private final SnapshotStore store = new SnapshotStore(disk, "orders", 0, List.of());

    @Test
    void everyKindOfRecordAndFileHasItsBytes() throws IOException {
        Map<String, String> actual = new LinkedHashMap<>();
        for (Map.Entry<String, LogRecord> kind : records().entrySet()) {
            actual.put(kind.getKey(), hex(encoded(kind.getValue())));
        }
        actual.put("record clean stop", hex(encoded(null)));
        actual.put("segment header new", hex(bytes(first().encode())));
        actual.put("segment header later", hex(bytes(later().encode())));
        actual.put("snapshot", hex(snapshot()));
        actual.put("backup", hex(backup()));
        // For who means to change a format: what it is now.
        StringBuilder lines = new StringBuilder();
        actual.forEach(
                (name, bytes) -> lines.append(name).append(": ").append(bytes).append('\n'));
        Files.writeString(Path.of("target", "golden-log.txt"), lines);
        // One by one, so that a failure names what changed.
        Map<String, String> golden = golden();
        actual.forEach((name, bytes) -> assertEquals(golden.get(name), bytes, name));
        assertEquals(golden.keySet(), new TreeMap<>(actual).keySet());
    }

    @Test
    void theBytesMeanWhatTheyMeant() throws IOException {
        Map<String, String> golden = golden();
        RecordCodec codec = new RecordCodec(SALT);
        for (Map.Entry<String, LogRecord> kind : records().entrySet()) {
            assertEquals(
                    kind.getValue(), decoded(codec, golden.get(kind.getKey())).record(), kind.getKey());
        }
        assertEquals(0x77, decoded(codec, golden.get("record truncate")).chainHash());
        assertEquals(null, decoded(codec, golden.get("record clean stop")).record());

        assertEquals(first(), header(golden.get("segment header new")));
        assertEquals(later(), header(golden.get("segment header later")));

        disk.put("snapshot", HexFormat.of().parseHex(golden.get("snapshot")));
        StoredSnapshot snapshot = SnapshotReader.verify(disk.open("snapshot"), "snapshot", "orders");
        assertEquals(AT, snapshot.at());
        assertEquals(WITH_DISKS, snapshot.configuration());
        assertEquals(0x42, snapshot.stateDigest());
        disk.put("backup", HexFormat.of().parseHex(golden.get("backup")));
        try (BackupFile backup = BackupFile.open(disk.open("backup"), "backup")) {
            assertEquals("orders", backup.clusterId());
            assertEquals(1_700_000_000_000L, backup.madeAtMillis());
            assertEquals(new ServerId(2), backup.madeBy());
            assertArrayEquals(STATE, backup.state().readAllBytes());
        }
    }

    private static Map<String, LogRecord> records() {
        Map<String, LogRecord> records = new LinkedHashMap<>();
        Origin origin = new Origin(new ServerId(2), 0x0A0B_0C0D_0E0FL);
        Txn command = Txn.after(
                Zxid.ZERO, 0, new Zxid(1, 1), TxnType.COMMAND, origin, Payload.of(new byte[] {1, 2, 3, 4, 5}));
        records.put("record command", new LogRecord.Append(command));
        Txn configuration = Txn.after(
                command.zxid(), command.chainHash(), new Zxid(1, 2), TxnType.CONFIGURATION, origin, Payload.EMPTY);
        records.put("record configuration", new LogRecord.Append(configuration));
        Txn activation = Txn.after(
                configuration.zxid(),
                configuration.chainHash(),
                new Zxid(2, 1),
                TxnType.ACTIVATION,
                origin,
                Payload.EMPTY);
        records.put("record activation", new LogRecord.Append(activation));
        records.put("record promise", new LogRecord.Promise(7, new ServerId(3)));
        records.put("record epoch", new LogRecord.AdoptEpoch(7));
        records.put("record truncate", new LogRecord.Truncate(new Zxid(6, 5)));
        records.put("record own snapshot", new LogRecord.Snapshot(AT, false));
        records.put("record received snapshot", new LogRecord.Snapshot(AT, true));
        return records;
    }

    private static SegmentHeader first() {
        LogIdentity identity = new LogIdentity("orders", new ServerId(1));
        return new SegmentHeader(identity, DISK, FIRST, 1, 1, 0, 0, null, 0, List.of(), Position.START);
    }

    private static SegmentHeader later() {
        return new SegmentHeader(
                new LogIdentity("orders", new ServerId(1)),
                DISK,
                FIRST,
                9,
                1_000,
                998,
                7,
                new ServerId(3),
                6,
                List.of(new Position(new Zxid(3, 1), 11), AT),
                new Position(new Zxid(6, 5), 0x77));
    }

    private byte[] snapshot() throws IOException {
        try (SnapshotWriter writer = store.begin(AT, WITH_DISKS, 0)) {
            writer.write(STATE);
            writer.finish(0x42);
        }
        return disk.bytes(SnapshotStore.fileName(AT));
    }

    private byte[] backup() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (BackupSource source = new BackupSource(store.source(AT.zxid()), 1_700_000_000_000L, new ServerId(2))) {
            for (byte[] part = source.next(); part.length > 0; part = source.next()) {
                bytes.write(part);
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] encoded(@Nullable LogRecord record) {
        ByteBuffer bytes = ByteBuffer.allocate(RecordCodec.bytes(record));
        new RecordCodec(SALT).encode(bytes, record, 100, 99, 0x77);
        return bytes.array();
    }

    private static Entry decoded(RecordCodec codec, String hex) {
        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        RecordCodec.Header header = codec.header(bytes, 0);
        assertNotNull(header);
        assertEquals(100, header.lsn());
        assertEquals(99, header.durableLsn());
        Entry entry = codec.decode(bytes, 0, header);
        assertNotNull(entry);
        return entry;
    }

    private SegmentHeader header(String hex) throws IOException {
        disk.put("segment", HexFormat.of().parseHex(hex));
        return SegmentHeader.read(disk, "segment");
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** Returns the lines of the file, each {@code name: hex}. */
    private static Map<String, String> golden() throws IOException {
        Map<String, String> lines = new TreeMap<>();
        try (InputStream in = GoldenBytesTest.class.getResourceAsStream("/golden/log.txt")) {
            assertNotNull(in);
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            text.lines().map(line -> line.split(": ")).forEach(line -> lines.put(line[0], line[1]));
        }
        return lines;
    }
}
