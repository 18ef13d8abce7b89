package io.holdfast.zab.log;

import io.holdfast.zab.core.Position;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
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

    /** Reads the next file, the first after the last; returns null when there is none, or it is gone meanwhile. */
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
            return read(name);
        } catch (IOException e) {
            return new Report(disk.location(), null, 0, "it cannot be listed: " + e.getMessage());
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

    private @Nullable Report read(String name) throws IOException {
        Position at = snapshotOf(name);
        try {
            long bytes = at == null ? readSegment(name) : readSnapshot(name);
            return new Report(name, at, bytes, null);
        } catch (IOException e) {
            // It may have been deleted meanwhile, as is its time some day.
            return disk.list().contains(name) ? new Report(name, at, 0, String.valueOf(e.getMessage())) : null;
        }
    }

    private @Nullable Position snapshotOf(String name) {
        for (StoredSnapshot stored : snapshots.list()) {
            if (SnapshotStore.fileName(stored.at()).equals(name)) {
                return stored.at();
            }
        }
        return null;
    }

    private long readSnapshot(String name) throws IOException {
        try (SnapshotReader reader = new SnapshotReader(disk.open(name), name, clusterId)) {
            long end = STEP_BYTES;
            for (reader.verifyUpTo(end); reader.verified() >= end; reader.verifyUpTo(end)) {
                end += STEP_BYTES;
                pause.run();
            }
            return reader.verified();
        }
    }

    /** Each of its records up to the first of the next segment must be there. */
    private long readSegment(String name) throws IOException {
        SortedSet<String> later = disk.list().tailSet(name + '\0');
        String next = later.stream().filter(SegmentHeader::isName).findFirst().orElse(null);
        if (next == null) {
            return 0;
        }
        long limit = SegmentHeader.read(disk, next).firstLsn();
        try (DiskFile file = disk.open(name)) {
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
