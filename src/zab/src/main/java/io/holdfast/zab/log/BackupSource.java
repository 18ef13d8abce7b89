package io.holdfast.zab.log;

import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.ServerId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** A backup as a sequence of pieces, for sending. By one thread at a time; blocks while it reads. */
public final class BackupSource implements Closeable {

    private final SnapshotSource snapshot;
    private final BackupFormat.Head head;
    private final MessageDigest sha = BackupFormat.sha256();
    private long offset;
    private boolean headGiven;
    private boolean tailGiven;

    /**
     * Begins a backup of a snapshot's file.
     *
     * @param snapshot is closed with this
     * @param madeAtMillis wall clock of now, by which a later restore knows that no clock went back
     * @param madeBy the server that makes it
     */
    public BackupSource(SnapshotSource snapshot, long madeAtMillis, ServerId madeBy) {
        this.snapshot = snapshot;
        this.head = new BackupFormat.Head(
                BackupFormat.VERSION, madeAtMillis, madeBy, snapshot.snapshot().fileBytes());
    }

    /** Returns what is backed up. */
    public StoredSnapshot snapshot() {
        return snapshot.snapshot();
    }

    /** Returns how many bytes all pieces have together. */
    public long bytes() {
        return head.fileBytes();
    }

    /**
     * Returns the next piece, at most 64 KiB; an empty one after the last.
     *
     * @throws IOException the file cannot be read, or is shorter than it was
     */
    public byte[] next() throws IOException {
        if (!headGiven) {
            headGiven = true;
            return counted(head.encode());
        }
        if (offset < head.snapshotBytes()) {
            Payload piece = snapshot.read(offset);
            if (piece.length() == 0) {
                throw new IOException("the snapshot at " + snapshot().at().zxid() + " ends after " + offset + " bytes");
            }
            offset += piece.length();
            byte[] bytes = new byte[piece.length()];
            piece.buffer().get(bytes);
            return counted(bytes);
        }
        if (tailGiven) {
            return new byte[0];
        }
        tailGiven = true;
        byte[] magic = ByteBuffer.allocate(8).putLong(BackupFormat.TAIL_MAGIC).array();
        return ByteBuffer.allocate(BackupFormat.TAIL_BYTES)
                .put(counted(magic))
                .put(sha.digest())
                .array();
    }

    @Override
    public void close() throws IOException {
        snapshot.close();
    }

    private byte[] counted(byte[] piece) {
        sha.update(piece);
        return piece;
    }
}
