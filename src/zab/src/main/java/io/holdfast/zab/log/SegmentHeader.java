package io.holdfast.zab.log;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zxid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a segment: the FORMAT record, repeated, and everything that older segments had established, so that
 * those can go.
 *
 * @param identity whose directory it is
 * @param diskId drawn when the directory was formatted
 * @param initial configuration that the directory was formatted with
 * @param sequence number of the segment, which is in its name too
 * @param firstLsn lsn of its first record; records from there on in older segments are void
 * @param durableLsn highest lsn known durable before the segment got its name
 * @param acceptedEpoch as of the first record
 * @param acceptedLeader as of the first record
 * @param currentEpoch as of the first record
 * @param snapshots as of the first record, at most two, older first
 * @param last last transaction before the first record
 */
record SegmentHeader(
        LogIdentity identity,
        DiskId diskId,
        Configuration initial,
        long sequence,
        long firstLsn,
        long durableLsn,
        long acceptedEpoch,
        @Nullable ServerId acceptedLeader,
        long currentEpoch,
        List<Position> snapshots,
        Position last) {

    static final String PREFIX = "log-";

    private static final long MAGIC = 0x4846_4C4F_4753_4547L;
    private static final int FORMAT_VERSION = 1;
    private static final int PREAMBLE_BYTES = 16;
    private static final int SECTOR_BYTES = 512;
    private static final int MAX_BYTES = ConfigurationCodec.MAX_BYTES + 1024;

    SegmentHeader {
        snapshots = List.copyOf(snapshots);
    }

    static boolean isName(String file) {
        return file.matches(PREFIX + "[0-9a-f]{16}");
    }

    /** A header that was read, and where the records begin. */
    record Read(SegmentHeader header, int firstOffset) {}

    /** Makes the header of the segment that begins with {@code firstLsn} in that state. */
    SegmentHeader next(long nextSequence, long lsn, long durable, LogState state) {
        return new SegmentHeader(
                identity,
                diskId,
                initial,
                nextSequence,
                lsn,
                durable,
                state.acceptedEpoch(),
                state.acceptedLeader(),
                state.currentEpoch(),
                state.snapshots(),
                state.last());
    }

    /**
     * Returns the state that the segment begins with.
     *
     * @param whole whether a snapshot is still there and whole; others do not count among those that are kept
     */
    LogState state(Predicate<Position> whole) {
        return new LogState(
                last, snapshots.stream().filter(whole).toList(), acceptedEpoch, acceptedLeader, currentEpoch);
    }

    String fileName() {
        return PREFIX + String.format("%016x", sequence);
    }

    /** Returns what the checksums of this segment's records are mixed with; differs by disk and by segment. */
    int salt() {
        ByteBuffer bytes = ByteBuffer.allocate(3 * Long.BYTES);
        bytes.putLong(diskId.high()).putLong(diskId.low()).putLong(sequence).flip();
        return crc(bytes);
    }

    /** Returns the bytes, a whole number of sectors, with a checksum. */
    ByteBuffer encode() {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
        bytes.position(PREAMBLE_BYTES);
        ConfigurationCodec.putText(bytes, identity.clusterId());
        bytes.putInt(identity.server().value());
        bytes.putLong(diskId.high()).putLong(diskId.low());
        ConfigurationCodec.put(bytes, initial);
        bytes.putLong(sequence).putLong(firstLsn).putLong(durableLsn);
        bytes.putLong(acceptedEpoch).putInt(acceptedLeader == null ? 0 : acceptedLeader.value());
        bytes.putLong(currentEpoch);
        bytes.put((byte) snapshots.size());
        snapshots.forEach(at -> putPosition(bytes, at));
        putPosition(bytes, last);
        int end = bytes.position();
        bytes.putLong(0, MAGIC).putInt(8, FORMAT_VERSION).putInt(12, end);
        bytes.putInt(crc(bytes.duplicate().flip()));
        bytes.position(sectors(bytes.position())).flip();
        return bytes;
    }

    /**
     * Reads a header back.
     *
     * @throws LogCorruptException it is not what was written; a segment gets its name only after its header is durable
     */
    static Read read(DiskFile file, String name) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
        file.read(0, bytes);
        bytes.flip();
        int end = bytes.limit() < PREAMBLE_BYTES ? 0 : bytes.getInt(12);
        if (end < PREAMBLE_BYTES
                || end > bytes.limit() - Integer.BYTES
                || bytes.getLong(0) != MAGIC
                || bytes.getInt(end) != crc(bytes.duplicate().limit(end))) {
            throw RecoveryScan.corrupt(name, 0, "the segment's header is damaged");
        }
        int version = bytes.getInt(8);
        if (version != FORMAT_VERSION) {
            throw new DirectoryRefusedException("Log segment " + name + " has format " + version
                    + " and this release reads " + FORMAT_VERSION + ". Start the release that wrote it.");
        }
        bytes.position(PREAMBLE_BYTES);
        return new Read(decode(bytes), sectors(end + Integer.BYTES));
    }

    /** Reads the header of a file. */
    static SegmentHeader read(Disk disk, String name) throws IOException {
        try (DiskFile file = disk.open(name)) {
            return read(file, name).header();
        }
    }

    private static SegmentHeader decode(ByteBuffer bytes) {
        LogIdentity identity = new LogIdentity(ConfigurationCodec.text(bytes), new ServerId(bytes.getInt()));
        DiskId diskId = new DiskId(bytes.getLong(), bytes.getLong());
        Configuration initial = ConfigurationCodec.get(bytes);
        long sequence = bytes.getLong();
        long firstLsn = bytes.getLong();
        long durableLsn = bytes.getLong();
        long acceptedEpoch = bytes.getLong();
        int leader = bytes.getInt();
        long currentEpoch = bytes.getLong();
        List<Position> snapshots = new ArrayList<>();
        for (int left = bytes.get(); left > 0; left--) {
            snapshots.add(position(bytes));
        }
        return new SegmentHeader(
                identity,
                diskId,
                initial,
                sequence,
                firstLsn,
                durableLsn,
                acceptedEpoch,
                leader == 0 ? null : new ServerId(leader),
                currentEpoch,
                snapshots,
                position(bytes));
    }

    private static void putPosition(ByteBuffer bytes, Position position) {
        bytes.putLong(position.zxid().packed()).putLong(position.chainHash());
    }

    private static Position position(ByteBuffer bytes) {
        return new Position(Zxid.unpack(bytes.getLong()), bytes.getLong());
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static int sectors(int bytes) {
        return (bytes + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES;
    }
}
