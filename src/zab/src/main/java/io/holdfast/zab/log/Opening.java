package io.holdfast.zab.log;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/**
 * Formats or recovers a data directory, once. Nothing is changed before everything was read; then a new segment takes
 * over at the first lsn that may not be durable, and only after that is anything deleted.
 */
final class Opening {

    private final Disk disk;
    private final LogConfig config;
    private final LogIdentity identity;
    private final List<String> notes = new ArrayList<>();

    Opening(Disk disk, LogConfig config, LogIdentity identity) {
        this.disk = disk;
        this.config = config;
        this.identity = identity;
    }

    Opened open(Configuration initial, DiskId forFormat) throws IOException {
        if (!disk.lock()) {
            throw new DirectoryRefusedException("The data directory " + disk.location()
                    + " is in use by another process. Stop that one, or give this server its own directory.");
        }
        SortedSet<String> names = disk.list();
        List<String> segments =
                names.stream().filter(SegmentHeader::isName).sorted().toList();
        if (!segments.isEmpty()) {
            return recover(segments);
        }
        if (names.stream().anyMatch(SnapshotStore::isName)) {
            throw new LogCorruptException("The data directory " + disk.location() + " has snapshots but no log.");
        }
        return recovered(format(initial, forFormat), List.of());
    }

    private Opened recover(List<String> segments) throws IOException {
        List<StoredSnapshot> whole = SnapshotStore.verifyAll(disk, identity.clusterId(), notes);
        RecoveryScan.Result scan = RecoveryScan.run(disk, config, identity, segments, whole);
        notes.addAll(scan.notes());
        return recovered(scan, whole);
    }

    /** An empty directory reads like one whose only segment ended before its first record. */
    private RecoveryScan.Result format(Configuration initial, DiskId diskId) {
        SegmentHeader header =
                new SegmentHeader(identity, diskId, initial, 1, 1, 0, 0, null, 0, List.of(), Position.START);
        Replay replay = new Replay(config, header, List.of());
        return new RecoveryScan.Result(List.of(), header, List.of(), replay, List.of(), List.of());
    }

    private Opened recovered(RecoveryScan.Result scan, List<StoredSnapshot> whole) throws IOException {
        Replay replay = scan.replay();
        for (Entry entry : scan.doubtful()) {
            replay.take(entry);
        }
        Replay.Outcome outcome = replay.outcome(notes);
        List<Position> used = outcome.state().snapshots();
        List<StoredSnapshot> kept = new ArrayList<>();
        used.forEach(at -> whole.stream().filter(s -> s.at().equals(at)).forEach(kept::add));

        removeTemporaries();
        Reserve.releaseWhenShort(disk, config);
        Segment segment = takeOver(scan);
        for (String name : scan.superseded()) {
            disk.delete(name);
        }
        removeOtherSnapshots(kept);
        Reserve.restore(disk, config);
        disk.sync();

        SnapshotStore snapshots = new SnapshotStore(disk, identity.clusterId(), config.segmentBytes(), kept);
        WriteAheadLog log = new WriteAheadLog(disk, config, outcome.state(), snapshots, scan.kept(), segment);
        return new Opened(log, snapshots, outcome.recovered(), notes);
    }

    private Segment takeOver(RecoveryScan.Result scan) throws IOException {
        try {
            return Segment.create(disk, scan.next(), scan.doubtful(), Reserve.step(disk, config));
        } catch (IOException e) {
            throw new LogFailedException(
                    "Could not begin a log segment in " + disk.location() + ": " + e.getMessage() + ". "
                            + Reserve.advice(disk, config),
                    e);
        }
    }

    private void removeTemporaries() throws IOException {
        for (String name : disk.list()) {
            if (name.equals(Segment.TEMPORARY)
                    || name.equals(SnapshotWriter.TEMPORARY)
                    || name.equals(SnapshotReceiver.TEMPORARY)
                    || name.equals(OfflineDirectory.BEGINNING)) {
                disk.delete(name);
            }
        }
    }

    /** A snapshot that the log does not name is of a crash before its record; a damaged one has no use. */
    private void removeOtherSnapshots(List<StoredSnapshot> kept) throws IOException {
        List<String> keptNames =
                kept.stream().map(s -> SnapshotStore.fileName(s.at())).toList();
        for (String name : disk.list()) {
            if (SnapshotStore.isName(name) && !keptNames.contains(name)) {
                disk.delete(name);
            }
        }
    }
}
