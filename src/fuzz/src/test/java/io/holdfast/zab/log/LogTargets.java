package io.holdfast.zab.log;

import io.holdfast.fuzz.FuzzTarget;
import io.holdfast.fuzz.Golden;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/** What a disk or a store may give back. */
public final class LogTargets {

    private static final String FILE = "log.txt";

    /** Of the golden bytes. */
    private static final int SALT = 0x1234_5678;

    private LogTargets() {}

    /** A file that is bytes. */
    private record Bytes(byte[] bytes) implements DiskFile {

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public int read(long position, ByteBuffer into) {
            int count = (int) Math.max(0, Math.min(into.remaining(), bytes.length - position));
            into.put(bytes, count == 0 ? 0 : (int) position, count);
            return count;
        }

        @Override
        public void write(long position, ByteBuffer from) {
            throw new AssertionError("a reader writes");
        }

        @Override
        public void force() {
            throw new AssertionError("a reader writes");
        }

        @Override
        public void close() {}
    }

    /** Returns those of this package. */
    public static List<FuzzTarget> all() {
        return List.of(
                new FuzzTarget(
                        "records",
                        Set.of(RecordCodec.class),
                        Golden.of(FILE, name -> name.startsWith("record ")),
                        2_000,
                        Set.of(),
                        LogTargets::record),
                new FuzzTarget(
                        "segments",
                        Set.of(SegmentHeader.class),
                        Golden.of(FILE, name -> name.startsWith("segment header")),
                        2_000,
                        Set.of(LogCorruptException.class, DirectoryRefusedException.class),
                        input -> SegmentHeader.read(new Bytes(input), "segment")),
                new FuzzTarget(
                        "snapshot-files",
                        Set.of(SnapshotFormat.class, SnapshotReader.class),
                        Golden.of(FILE, "snapshot:"::equals),
                        2_000,
                        Set.of(SnapshotDamagedException.class),
                        input -> SnapshotReader.verify(new Bytes(input), "snapshot", "orders")),
                new FuzzTarget(
                        "backups",
                        Set.of(BackupFormat.class, BackupFile.class),
                        Golden.of(FILE, "backup:"::equals),
                        2_000,
                        Set.of(BackupRefusedException.class),
                        input -> {
                            try (BackupFile backup = BackupFile.open(new Bytes(input), "backup")) {
                                backup.clusterId();
                            }
                        }));
    }

    /** As a reader of segments asks: the body only when all of it is there. */
    private static void record(byte[] input) {
        RecordCodec codec = new RecordCodec(SALT);
        ByteBuffer bytes = ByteBuffer.wrap(input);
        RecordCodec.Header header = input.length < RecordCodec.HEADER_BYTES ? null : codec.header(bytes, 0);
        if (header != null && header.length() >= 0 && header.bytes() <= input.length) {
            codec.decode(bytes, 0, header);
        }
    }
}
