package io.holdfast.zab.log;

import io.holdfast.zab.core.Recovered;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A data directory that no server runs on: read without changing it, or begun anew with a state and no history. For one
 * thread.
 */
public final class OfflineDirectory implements Closeable {

    /** Name of a file that is there while an empty directory gets its first state. */
    static final String BEGINNING = "beginning.tmp";

    private final Disk disk;
    private final LogConfig config;

    private OfflineDirectory(Disk disk, LogConfig config) {
        this.disk = disk;
        this.config = config;
    }

    /**
     * What a directory holds.
     *
     * @param identity whose it is
     * @param snapshots that are whole
     * @param recovered what a server would start from
     * @param notes what a server would say of the state in which it found the directory
     */
    public record Contents(LogIdentity identity, SnapshotStore snapshots, Recovered recovered, List<String> notes) {

        /** Copies the list. */
        public Contents {
            notes = List.copyOf(notes);
        }
    }

    /** Writes the bytes of a state. */
    @FunctionalInterface
    public interface StateWriter {

        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Takes a directory for this process.
     *
     * @param disk is closed with this, also when this fails
     * @throws DirectoryRefusedException a server or another command uses it
     */
    public static OfflineDirectory open(Disk disk, LogConfig config) throws IOException {
        if (!disk.lock()) {
            String where = disk.location();
            disk.close();
            throw new DirectoryRefusedException("The data directory " + where
                    + " is in use by another process. Stop the node that runs on it; this is for directories at rest.");
        }
        return new OfflineDirectory(disk, config);
    }

    /** Returns whether there is no file in it. */
    public boolean isEmpty() throws IOException {
        return disk.list().isEmpty();
    }

    /** Returns whether a server wrote a log here, or a history was begun. */
    public boolean hasLog() throws IOException {
        return !segments().isEmpty();
    }

    /** Returns whether the directory was empty, and what made it begin was cut short: it may begin again. */
    public boolean isUnfinished() throws IOException {
        return disk.list().contains(BEGINNING) && !hasLog();
    }

    /**
     * Reads everything as a server that starts would, and changes nothing.
     *
     * @throws DirectoryRefusedException there is no log in it
     * @throws LogCorruptException it is damaged
     */
    public Contents read() throws IOException {
        List<String> segments = segments();
        if (segments.isEmpty()) {
            throw new DirectoryRefusedException("The directory " + disk.location() + " holds no log of a node.");
        }
        String newest = segments.get(segments.size() - 1);
        LogIdentity identity = SegmentHeader.read(disk, newest).identity();
        List<String> notes = new ArrayList<>();
        List<StoredSnapshot> whole = SnapshotStore.verifyAll(disk, identity.clusterId(), notes);
        RecoveryScan.Result scan = RecoveryScan.run(disk, config, identity, segments, whole);
        notes.addAll(scan.notes());
        for (Entry entry : scan.doubtful()) {
            scan.replay().take(entry);
        }
        Recovered recovered = scan.replay().outcome(notes).recovered();
        return new Contents(identity, new SnapshotStore(disk, identity.clusterId(), 0, whole), recovered, notes);
    }

    /**
     * Makes it the directory of a server whose history begins with that state. Until the last step, the name of the new
     * segment, the directory is what it was; from then on older files mean nothing, and the server's start deletes
     * them.
     *
     * @param stateBytes about how long the state is
     * @param digest of the state
     * @throws NoRoomException the disk is full; the directory is what it was
     */
    public StoredSnapshot begin(Genesis genesis, long stateBytes, long digest, StateWriter state) throws IOException {
        LogIdentity identity = genesis.identity();
        List<String> before = segments();
        long sequence = before.isEmpty()
                ? 0
                : SegmentHeader.read(disk, before.get(before.size() - 1)).sequence();
        dropTemporary();
        if (before.isEmpty()) {
            markBeginning();
        }
        SnapshotStore store = new SnapshotStore(disk, identity.clusterId(), config.segmentBytes(), List.of());
        StoredSnapshot stored;
        try (SnapshotWriter writer = store.begin(genesis.at(), genesis.configuration(), stateBytes)) {
            state.writeTo(writer);
            stored = writer.finish(digest);
        }
        long epoch = genesis.at().zxid().epoch();
        SegmentHeader header = new SegmentHeader(
                identity,
                genesis.diskId(),
                genesis.configuration(),
                sequence + 1,
                1,
                0,
                epoch,
                identity.server(),
                epoch,
                List.of(genesis.at()),
                genesis.at());
        Segment.create(disk, header, List.of(), Reserve.step(disk, config)).close();
        if (before.isEmpty()) {
            disk.delete(BEGINNING);
        }
        return stored;
    }

    /** What is beside the mark when there is no log comes from a try that was cut short, and means nothing. */
    private void markBeginning() throws IOException {
        if (isUnfinished()) {
            for (String name : disk.list()) {
                if (SnapshotStore.isName(name) || name.equals(SnapshotWriter.TEMPORARY)) {
                    disk.delete(name);
                }
            }
        } else {
            disk.create(BEGINNING).close();
        }
        disk.sync();
    }

    @Override
    public void close() throws IOException {
        disk.close();
    }

    private List<String> segments() throws IOException {
        return disk.list().stream().filter(SegmentHeader::isName).sorted().toList();
    }

    private void dropTemporary() throws IOException {
        if (disk.list().contains(Segment.TEMPORARY)) {
            disk.delete(Segment.TEMPORARY);
        }
    }
}
