package io.holdfast.zab.log;

import io.holdfast.zab.core.Position;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what lies on the disk and is not read otherwise, one file at a time, so that rot is found while another copy is
 * whole, and not at the next start of all members. Blocks; used by one worker at a time.
 *
 * <p>What was written lately comes from the memory of the operating system and proves nothing of the disk; what is cold
 * does not.
 */
public final class Scrubber {

    /** So many bytes are read between two pauses. */
    private static final int STEP_BYTES = 1 << 20;

    private final Disk disk;
    private final SnapshotStore snapshots;
    private final String clusterId;
    private final Runnable pause;
    private String last = "";

    /**
     * What came of one file.
     *
     * @param file its name
     * @param snapshot its position when it is a snapshot; null when it is a segment of the log
     * @param bytes how many were read
     * @param damage what is wrong with it, one sentence; null when it is whole
     */
    public record Report(
            String file,
            @Nullable Position snapshot,
            long bytes,
            @Nullable String damage) {}

    /**
     * Makes one that begins with the first file.
     *
     * @param pause is called after each megabyte, to leave the disk to others; may block
     */
    Scrubber(Disk disk, SnapshotStore snapshots, Runnable pause) {
        this.disk = disk;
        this.snapshots = snapshots;
        this.clusterId = snapshots.clusterId();
        this.pause = pause;
    }

    /**
     * Reads the next file, the first after the last. Returns null when there is none, when it is gone meanwhile, and
     * when it cannot be opened or the directory not be listed: too few descriptors, for one, say nothing of what the
     * disk has.
     */
    public @Nullable Report next() {
        try {
            List<String> cold = cold();
            if (cold.isEmpty()) {
                return null;
            }
            String name = cold.stream()
                    .filter(file -> file.compareTo(last) > 0)
                    .findFirst()
                    .orElse(cold.get(0));
            last = name;
            Position at = snapshotOf(name);
            return at == null ? segment(name) : snapshot(name, at);
        } catch (IOException e) {
            return null;
        }
    }

    /** Every segment but the one that is written, and every snapshot. */
    private List<String> cold() throws IOException {
        List<String> segments =
                disk.list().stream().filter(SegmentHeader::isName).toList();
        List<String> cold = new ArrayList<>(segments.subList(0, Math.max(0, segments.size() - 1)));
        snapshots.list().forEach(stored -> cold.add(SnapshotStore.fileName(stored.at())));
        return cold;
    }

    private @Nullable Report segment(String name) throws IOException {
        String next = disk.list().tailSet(name + '\0').stream()
                .filter(SegmentHeader::isName)
                .findFirst()
                .orElse(null);
        if (next == null) {
            return null;
        }
        try (DiskFile file = disk.open(name);
                DiskFile following = disk.open(next)) {
            return read(name, null, () -> {
                long limit = SegmentHeader.read(following, next).header().firstLsn();
                return readSegment(file, name, limit);
            });
        }
    }

    private Report snapshot(String name, Position at) throws IOException {
        try (DiskFile file = disk.open(name)) {
            return read(name, at, () -> readSnapshot(file, name));
        }
    }

    /** From here on the files are open: what fails is what they have. */
    private static Report read(String name, @Nullable Position at, Reading reading) {
        try {
            return new Report(name, at, reading.bytes(), null);
        } catch (IOException e) {
            return new Report(name, at, 0, String.valueOf(e.getMessage()));
        }
    }

    private interface Reading {
        long bytes() throws IOException;
    }

    private @Nullable Position snapshotOf(String name) {
        for (StoredSnapshot stored : snapshots.list()) {
            if (SnapshotStore.fileName(stored.at()).equals(name)) {
                return stored.at();
            }
        }
        return null;
    }

    private long readSnapshot(DiskFile file, String name) throws IOException {
        try (SnapshotReader reader = new SnapshotReader(file, name, clusterId)) {
            long end = STEP_BYTES;
            for (reader.verifyUpTo(end); reader.verified() >= end; reader.verifyUpTo(end)) {
                end += STEP_BYTES;
                pause.run();
            }
            return reader.verified();
        }
    }

    /** Each of its records before lsn {@code limit}, the first of the next segment, must be there. */
    private long readSegment(DiskFile file, String name, long limit) throws IOException {
        try {
            SegmentHeader.Read read = SegmentHeader.read(file, name);
            SegmentReader reader = new SegmentReader(file, read.header());
            long offset = read.firstOffset();
            long pauseAt = STEP_BYTES;
            for (long lsn = read.header().firstLsn(); lsn < limit; lsn++) {
                Entry entry = reader.entry(offset, lsn);
                if (entry == null) {
                    throw RecoveryScan.corrupt(name, offset, "lsn " + lsn + " is invalid");
                }
                offset += entry.bytes();
                if (offset >= pauseAt) {
                    pauseAt = offset + STEP_BYTES;
                    pause.run();
                }
            }
            return offset;
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw new LogCorruptException("Log segment " + name + " has a record without valid content.", e);
        }
    }
}
