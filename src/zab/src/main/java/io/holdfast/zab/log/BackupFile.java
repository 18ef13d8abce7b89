package io.holdfast.zab.log;

import io.holdfast.zab.core.ServerId;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/** A backup that was read through to its end and is whole. For one thread. */
public final class BackupFile implements Closeable {

    /** So many bytes at its beginning tell a backup from other files. */
    public static final int HEAD_BYTES = BackupFormat.HEAD_BYTES;

    private static final int BUFFER_BYTES = 64 << 10;

    private final DiskFile file;
    private final DiskFile inner;
    private final String name;
    private final BackupFormat.Head head;
    private final String clusterId;
    private final StoredSnapshot snapshot;

    private BackupFile(
            DiskFile file, String name, BackupFormat.Head head, DiskFile inner, String clusterId, StoredSnapshot snap) {
        this.file = file;
        this.name = name;
        this.head = head;
        this.inner = inner;
        this.clusterId = clusterId;
        this.snapshot = snap;
    }

    /**
     * Reads a backup to its end and verifies every checksum in it.
     *
     * @param path of the file
     * @throws BackupRefusedException it is none, is cut off, is damaged or is of an unknown format
     */
    public static BackupFile open(String path) throws IOException {
        return open(FileDisk.readOnly(path), path);
    }

    /** As {@link #open(String)}; takes the file over, also when this fails. */
    static BackupFile open(DiskFile file, String name) throws IOException {
        try {
            BackupFormat.Head head = head(file, name);
            verifySum(file, name, head);
            DiskFile inner = new Part(file, BackupFormat.HEAD_BYTES, head.snapshotBytes());
            String clusterId = SnapshotFormat.readHeader(inner, name).clusterId();
            StoredSnapshot snapshot = SnapshotReader.verify(inner, name, clusterId);
            return new BackupFile(file, name, head, inner, clusterId, snapshot);
        } catch (SnapshotDamagedException e) {
            file.close();
            BackupRefusedException refused = new BackupRefusedException(
                    name + " is a whole file, but what was backed up is not usable: " + e.getMessage() + ".");
            refused.initCause(e);
            throw refused;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Checks that a file begins as a backup does.
     *
     * @param first its first {@link #HEAD_BYTES} bytes, or all that it has
     * @param name of the file
     * @throws BackupRefusedException it is something else
     */
    public static void requireHead(byte[] first, String name) throws BackupRefusedException {
        if (first.length < BackupFormat.HEAD_BYTES) {
            throw new BackupRefusedException(name + " is no backup of a Holdfast ensemble.");
        }
        BackupFormat.head(ByteBuffer.wrap(first), name);
    }

    private static BackupFormat.Head head(DiskFile file, String name) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BackupFormat.HEAD_BYTES);
        if (file.read(0, bytes) < BackupFormat.HEAD_BYTES) {
            throw new BackupRefusedException(
                    name + " has " + file.size() + " bytes, too few for a backup: it is cut off, or something else.");
        }
        BackupFormat.Head head = BackupFormat.head(bytes.flip(), name);
        if (file.size() != head.fileBytes()) {
            throw new BackupRefusedException(name + " has " + file.size() + " bytes and should have " + head.fileBytes()
                    + ": " + (file.size() < head.fileBytes() ? "it is cut off." : "it was changed."));
        }
        return head;
    }

    private static void verifySum(DiskFile file, String name, BackupFormat.Head head) throws IOException {
        MessageDigest sha = BackupFormat.sha256();
        long end = head.fileBytes() - BackupFormat.SHA_BYTES;
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        for (long at = 0; at < end; at += buffer.limit()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            file.read(at, buffer);
            sha.update(buffer.flip());
        }
        byte[] expected = new byte[BackupFormat.SHA_BYTES];
        file.read(end, ByteBuffer.wrap(expected));
        if (!Arrays.equals(expected, sha.digest())) {
            throw new BackupRefusedException(name + " is damaged: its checksum differs.");
        }
    }

    /** Returns the ensemble that was backed up. */
    public String clusterId() {
        return clusterId;
    }

    /** Returns what was backed up. */
    public StoredSnapshot snapshot() {
        return snapshot;
    }

    /** Returns the wall clock of the server that made it, when it did. */
    public long madeAtMillis() {
        return head.madeAtMillis();
    }

    /** Returns the server that made it. */
    public ServerId madeBy() {
        return head.madeBy();
    }

    /** Opens the application's bytes; closing them closes nothing else. */
    public InputStream state() throws IOException {
        return new SnapshotReader(inner, name, clusterId);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Some bytes of a file, as if they were one; nobody writes there. */
    private record Part(DiskFile whole, long from, long size) implements DiskFile {

        @Override
        public int read(long position, ByteBuffer into) throws IOException {
            long left = Math.max(0, size - position);
            if (into.remaining() <= left) {
                return whole.read(from + position, into);
            }
            ByteBuffer some = into.slice().limit((int) left);
            int count = whole.read(from + position, some);
            into.position(into.position() + count);
            return count;
        }

        @Override
        public void write(long position, ByteBuffer bytes) throws IOException {
            throw new IOException("a backup is only read");
        }

        @Override
        public void force() throws IOException {
            throw new IOException("a backup is only read");
        }

        @Override
        public void close() {
            // The file is closed by whoever opened it.
        }
    }
}
