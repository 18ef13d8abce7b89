package io.holdfast.zab.log;

import io.holdfast.zab.core.Zxid;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads all segments in order and decides what invalid bytes mean (protocol.md#recovery): the torn end of a write that
 * was never reported as durable, or damage to what may have been acknowledged. Only the first is ever left out.
 *
 * <p>Every record contains the lsn up to which the log was durable when it was written. So the records after the
 * highest lsn that any record or header names are the ones in doubt: a crash may have torn them, and a failed fsync may
 * have left them in the page cache only. They are returned apart, to be written once more (rule 4).
 */
final class RecoveryScan {

    private final Disk disk;
    private final List<Part> parts = new ArrayList<>();
    private final List<String> superseded = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final ArrayDeque<Entry> doubtful = new ArrayDeque<>();
    private final Replay replay;
    private long nextLsn;
    private long durableLsn;
    private boolean cleanStop;

    private record Part(String name, SegmentHeader header, int firstOffset, long limitLsn) {}

    private RecoveryScan(Disk disk, List<Part> parts, Replay replay) {
        this.disk = disk;
        this.parts.addAll(parts);
        this.replay = replay;
    }

    /**
     * What the segments hold.
     *
     * @param kept headers of the segments that hold something, in order
     * @param next header of the segment that is to take over, in the state after all records that are not in doubt
     * @param doubtful records that were valid but may not be durable; not yet in {@code replay}
     * @param replay history and state without the records in doubt
     * @param superseded segments that hold nothing any more
     * @param notes for the operator
     */
    record Result(
            List<SegmentHeader> kept,
            SegmentHeader next,
            List<Entry> doubtful,
            Replay replay,
            List<String> superseded,
            List<String> notes) {}

    /**
     * Reads all segments.
     *
     * @param names of the segments, in order, at least one
     * @param verified snapshots whose files are whole
     */
    static Result run(
            Disk disk, LogConfig config, LogIdentity identity, List<String> names, Collection<StoredSnapshot> verified)
            throws IOException {
        List<Part> parts = new ArrayList<>();
        List<String> superseded = new ArrayList<>();
        long limit = Long.MAX_VALUE;
        for (int i = names.size() - 1; i >= 0; i--) {
            Part part = part(disk, identity, names.get(i), limit);
            if (part.header().firstLsn() < limit) {
                parts.add(0, part);
                limit = part.header().firstLsn();
            } else {
                superseded.add(0, part.name());
            }
        }
        Replay replay = new Replay(config, parts.get(0).header(), verified);
        RecoveryScan scan = new RecoveryScan(disk, parts, replay);
        scan.superseded.addAll(superseded);
        return scan.read(names.get(names.size() - 1));
    }

    static LogCorruptException corrupt(String segment, long offset, String what) {
        return new LogCorruptException(
                "Log segment " + segment + " is damaged at offset " + offset + ": " + what + ".");
    }

    private static Part part(Disk disk, LogIdentity identity, String name, long limit) throws IOException {
        try (DiskFile file = disk.open(name)) {
            SegmentHeader.Read read = SegmentHeader.read(file, name);
            if (!read.header().identity().equals(identity)) {
                throw new DirectoryRefusedException("The data directory " + disk.location() + " belongs to "
                        + read.header().identity() + ", but this is " + identity
                        + ". Give this server its own directory, or correct its cluster and server id.");
            }
            if (!read.header().fileName().equals(name)) {
                throw corrupt(name, 0, "the file is segment " + read.header().fileName() + " under another name");
            }
            return new Part(name, read.header(), read.firstOffset(), limit);
        }
    }

    private Result read(String newestName) throws IOException {
        nextLsn = parts.get(0).header().firstLsn();
        for (Part part : parts) {
            checkFollows(part);
            try (DiskFile file = disk.open(part.name())) {
                readPart(part, new SegmentReader(file, part.header()));
            }
        }
        long newest = Long.parseLong(newestName.substring(SegmentHeader.PREFIX.length()), 16);
        if (!cleanStop) {
            notes.add("the last stop was not clean; " + doubtful.size()
                    + " records that may have been in the page cache" + " only were written again");
        }
        SegmentHeader next =
                parts.get(0).header().next(newest + 1, durableLsn + 1, durableLsn + doubtful.size(), replay.state());
        Part last = parts.get(parts.size() - 1);
        if (last.header().firstLsn() == next.firstLsn()) {
            superseded.add(last.name());
            parts.remove(last);
        }
        List<SegmentHeader> kept = parts.stream().map(Part::header).toList();
        return new Result(kept, next, new ArrayList<>(doubtful), replay, superseded, notes);
    }

    /** A segment begins where the one before ended, in the state that the one before led to. */
    private void checkFollows(Part part) throws IOException {
        SegmentHeader header = part.header();
        if (header.firstLsn() != nextLsn) {
            throw corrupt(
                    part.name(),
                    0,
                    "it begins with lsn " + header.firstLsn() + " but lsn " + nextLsn
                            + " is next: a segment before it is missing");
        }
        known(header.durableLsn());
        known(header.firstLsn() - 1);
        if (!replay.state().last().equals(header.last())
                || replay.state().acceptedEpoch() != header.acceptedEpoch()
                || replay.state().currentEpoch() != header.currentEpoch()) {
            throw corrupt(
                    part.name(),
                    0,
                    "its header says that the history before ends at "
                            + header.last().zxid() + ", but it ends at "
                            + replay.state().last().zxid());
        }
    }

    private void readPart(Part part, SegmentReader reader) throws IOException {
        long offset = part.firstOffset();
        while (nextLsn < part.limitLsn()) {
            Entry entry = decoded(part, reader, offset);
            if (entry == null) {
                atInvalidBytes(part, reader, offset);
                return;
            }
            known(entry.durableLsn());
            if (entry.isCleanStop()) {
                known(entry.lsn() - 1);
                cleanStop = true;
                nextLsn++;
                ensureNothingFollows(part, reader, offset);
                return;
            }
            doubtful.add(entry);
            nextLsn++;
            offset += entry.bytes();
        }
    }

    private @Nullable Entry decoded(Part part, SegmentReader reader, long offset) throws IOException {
        try {
            return reader.entry(offset, nextLsn);
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw corrupt(
                    part.name(),
                    offset,
                    "lsn " + nextLsn + " has a valid checksum and no valid content, " + e.getMessage());
        }
    }

    /** The one place that tells a torn write from damage. */
    private void atInvalidBytes(Part part, SegmentReader reader, long offset) throws IOException {
        SegmentReader.Found beyond = reader.next(offset);
        for (SegmentReader.Found at = beyond; at != null; at = reader.next(at.offset())) {
            durableLsn = Math.max(durableLsn, at.header().durableLsn());
        }
        RecordCodec.Header header = reader.header(offset);
        String what = "lsn " + nextLsn
                + (header == null || header.zxid() == 0 ? "" : " (zxid " + Zxid.unpack(header.zxid()) + ")");
        if (part.limitLsn() != Long.MAX_VALUE) {
            throw corrupt(part.name(), offset, what + " is invalid and a later segment exists");
        }
        if (nextLsn <= durableLsn) {
            throw corrupt(part.name(), offset, what + " is invalid, but the log was durable up to lsn " + durableLsn);
        }
        // Records of one batch reach the disk in any order, so valid ones may lie beyond a torn one. They count as
        // evidence of
        // damage unless the invalid bytes show a sector that was never written.
        if (beyond != null && !reader.hasUnwrittenSector(offset, beyond.offset())) {
            throw corrupt(
                    part.name(),
                    offset,
                    what + " is invalid, but lsn " + beyond.header().lsn() + " beyond it is valid");
        }
        known(durableLsn);
        if (reader.hasBytes(offset)) {
            notes.add("the torn end of a write was left out, " + part.name() + " from offset " + offset + ", " + what
                    + "; nobody was told that it is durable");
        }
    }

    private void ensureNothingFollows(Part part, SegmentReader reader, long offset) throws IOException {
        SegmentReader.Found beyond = reader.next(offset);
        if (beyond != null) {
            throw corrupt(part.name(), beyond.offset(), "a record follows the mark of a clean stop");
        }
    }

    /** Takes in what is no longer in doubt. */
    private void known(long lsn) throws IOException {
        durableLsn = Math.max(durableLsn, lsn);
        while (!doubtful.isEmpty() && doubtful.getFirst().lsn() <= durableLsn) {
            replay.take(doubtful.removeFirst());
        }
    }
}
