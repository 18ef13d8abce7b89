package io.holdfast.zab.log;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Zxid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The snapshot files of a data directory; every one listed was read through and verified. Obtained from
 * {@link WriteAheadLog#open}; may be used by any thread, each snapshot that is written, read or received by one.
 *
 * <p>A snapshot counts after a crash only when the log has its {@link io.holdfast.zab.core.LogRecord.Snapshot}. The
 * store never deletes one on its own: {@link WriteAheadLog#retire} does.
 */
public final class SnapshotStore {

    static final String PREFIX = "snapshot-";
    static final String TEMPORARY_SUFFIX = ".tmp";

    /** What may be written before it is made durable. */
    static final int FORCE_BYTES = 4 << 20;

    private final Disk disk;
    private final String clusterId;
    private final long keepFree;
    /** In the order in which they came to be; guarded by this. */
    private final List<StoredSnapshot> stored;

    /** Length of each file; readable while files are being deleted. */
    private final Map<Zxid, Long> lengths = new ConcurrentHashMap<>();

    SnapshotStore(Disk disk, String clusterId, long keepFree, List<StoredSnapshot> stored) {
        this.disk = disk;
        this.clusterId = clusterId;
        this.keepFree = keepFree;
        this.stored = new ArrayList<>(stored);
        stored.forEach(snapshot -> lengths.put(snapshot.at().zxid(), snapshot.fileBytes()));
    }

    /** Reads through all snapshot files of a directory and returns those that are whole; damaged ones get a note. */
    static List<StoredSnapshot> verifyAll(Disk disk, String clusterId, List<String> notes) throws IOException {
        List<StoredSnapshot> whole = new ArrayList<>();
        for (String name : disk.list()) {
            if (isName(name)) {
                try {
                    StoredSnapshot snapshot = SnapshotReader.verify(disk.open(name), name, clusterId);
                    if (fileName(snapshot.at()).equals(name)) {
                        whole.add(snapshot);
                    } else {
                        notes.add("snapshot " + name + " is the one at " + snapshot.at() + " under another name");
                    }
                } catch (SnapshotDamagedException e) {
                    notes.add(e.getMessage());
                }
            }
        }
        return whole;
    }

    static boolean isName(String file) {
        return file.startsWith(PREFIX) && !file.endsWith(TEMPORARY_SUFFIX);
    }

    /** Returns the snapshots in this directory, ordered by zxid. */
    public synchronized List<StoredSnapshot> list() {
        return stored.stream()
                .sorted(Comparator.comparing(snapshot -> snapshot.at().zxid()))
                .toList();
    }

    /** Returns the length of a snapshot's file, at once; 0 when there is none. */
    public long fileBytes(Zxid at) {
        return lengths.getOrDefault(at, 0L);
    }

    /** Returns whether the store has a snapshot there, whole or damaged since. */
    public synchronized boolean has(Zxid at) {
        return stored.stream().anyMatch(snapshot -> snapshot.at().zxid().equals(at));
    }

    /** As {@link #begin(Position, Configuration, long, SnapshotPace)}, as fast as it goes. */
    public SnapshotWriter begin(Position at, Configuration configuration, long expectedBytes) throws IOException {
        return begin(at, configuration, expectedBytes, SnapshotPace.FULL);
    }

    /**
     * Begins a snapshot of this member's own state. One at a time: an earlier one that was not finished is dropped.
     *
     * @param expectedBytes about how long the state will be
     * @param pace slows the writing down
     * @throws NoRoomException nothing was begun
     */
    public SnapshotWriter begin(Position at, Configuration configuration, long expectedBytes, SnapshotPace pace)
            throws IOException {
        requireRoom(expectedBytes + expectedBytes / 8);
        drop(SnapshotWriter.TEMPORARY);
        return new SnapshotWriter(this, disk.create(SnapshotWriter.TEMPORARY), at, configuration, pace);
    }

    /**
     * Opens the application's bytes of a snapshot.
     *
     * @throws SnapshotDamagedException there is no such snapshot, or it is damaged
     */
    public SnapshotReader open(Zxid at) throws IOException {
        String name = fileName(find(at).at());
        return new SnapshotReader(disk.open(name), name, clusterId);
    }

    /**
     * Opens the file of a snapshot as it is, to be sent to a learner.
     *
     * @throws SnapshotDamagedException there is no such snapshot, or its header is damaged
     */
    public SnapshotSource source(Zxid at) throws IOException {
        StoredSnapshot snapshot = find(at);
        String name = fileName(snapshot.at());
        return new SnapshotSource(disk.open(name), snapshot, name, clusterId);
    }

    /** Begins a snapshot that a leader sends without having said how long it is; see {@link #receive(Zxid, long)}. */
    public SnapshotReceiver receive(Zxid at) throws IOException {
        return receive(at, 0);
    }

    /**
     * Begins a snapshot that a leader sends. One at a time: an earlier one that is not finished is dropped.
     *
     * @param bytes length of the file; 0 when it is not known
     * @throws NoRoomException nothing was begun
     */
    public SnapshotReceiver receive(Zxid at, long bytes) throws IOException {
        requireRoom(Math.max(bytes, SnapshotFormat.CHUNK_BYTES));
        drop(SnapshotReceiver.TEMPORARY);
        return new SnapshotReceiver(this, disk.create(SnapshotReceiver.TEMPORARY), at);
    }

    /** Returns what reads the cold files of this directory again; {@code pause} is called after each megabyte. */
    public Scrubber scrubber(Runnable pause) {
        return new Scrubber(disk, this, pause);
    }

    String clusterId() {
        return clusterId;
    }

    /**
     * Writes to a file of this store; a disk without room is told apart from one that fails. Makes what was written
     * durable from time to time: hundreds of megabytes that one fsync has to write at the end would hold up the log,
     * whose own fsync waits for them on many file systems and volumes.
     *
     * @return whether this made what was written so far durable
     */
    boolean write(DiskFile file, long offset, ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        try {
            file.write(offset, bytes);
            boolean step = offset / FORCE_BYTES < (offset + count) / FORCE_BYTES;
            if (step) {
                file.force();
            }
            return step;
        } catch (IOException e) {
            if (disk.usableSpace() < count + SnapshotFormat.CHUNK_BYTES) {
                throw new NoRoomException(
                        "The disk of " + disk.location() + " is full: the snapshot was given up after " + offset
                                + " bytes. Free space or enlarge the volume; the next one will be tried again.",
                        e);
            }
            throw e;
        }
    }

    /** Reads a temporary file through; a damaged one is dropped. */
    StoredSnapshot verified(String temporary) throws IOException {
        try {
            return SnapshotReader.verify(disk.open(temporary), temporary, clusterId);
        } catch (SnapshotDamagedException e) {
            drop(temporary);
            throw e;
        }
    }

    StoredSnapshot adopt(String temporary) throws IOException {
        return adopt(temporary, verified(temporary));
    }

    /** Gives a verified, durable file its name (protocol.md#p5): a reader that finds the name finds the whole file. */
    StoredSnapshot adopt(String temporary, StoredSnapshot snapshot) throws IOException {
        disk.rename(temporary, fileName(snapshot.at()));
        disk.sync();
        synchronized (this) {
            stored.removeIf(other -> other.at().equals(snapshot.at()));
            stored.add(snapshot);
            lengths.put(snapshot.at().zxid(), snapshot.fileBytes());
        }
        return snapshot;
    }

    void drop(String temporary) throws IOException {
        if (disk.list().contains(temporary)) {
            disk.delete(temporary);
        }
    }

    /** Deletes what came to be before the newest of {@code needed} and is not among them (protocol.md#p10). */
    synchronized void retain(List<Position> needed) throws IOException {
        Position newest = needed.get(needed.size() - 1);
        if (stored.stream().noneMatch(snapshot -> snapshot.at().equals(newest))) {
            return;
        }
        List<StoredSnapshot> gone = new ArrayList<>();
        for (StoredSnapshot snapshot : stored) {
            if (snapshot.at().equals(newest)) {
                break;
            }
            if (!needed.contains(snapshot.at())) {
                gone.add(snapshot);
            }
        }
        for (StoredSnapshot snapshot : gone) {
            disk.delete(fileName(snapshot.at()));
            stored.remove(snapshot);
            lengths.remove(snapshot.at().zxid());
        }
    }

    static String fileName(Position at) {
        return PREFIX + String.format("%016x-%016x", at.zxid().packed(), at.chainHash());
    }

    private synchronized StoredSnapshot find(Zxid at) throws SnapshotDamagedException {
        for (int i = stored.size() - 1; i >= 0; i--) {
            if (stored.get(i).at().zxid().equals(at)) {
                return stored.get(i);
            }
        }
        throw new SnapshotDamagedException("there is no snapshot at " + at + " in " + disk.location());
    }

    private void requireRoom(long bytes) throws IOException {
        long usable = disk.usableSpace();
        if (usable < bytes + keepFree) {
            throw new NoRoomException("The disk of " + disk.location() + " has room for " + usable
                    + " bytes; a snapshot of " + bytes + " bytes and " + keepFree
                    + " bytes for the log need more. Free space or enlarge the volume.");
        }
    }
}
