package io.holdfast.zab.log;

import io.holdfast.zab.core.Payload;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The file of a snapshot as it is, for sending: gives only bytes whose checksums were verified just before, since what
 * was whole when it was stored may have rotted. Stays readable also when the store drops the snapshot meanwhile. For
 * one thread at a time, from the beginning to the end.
 */
public final class SnapshotSource implements Closeable {

    private final DiskFile file;
    private final StoredSnapshot snapshot;
    private final SnapshotReader verifier;

    /** Takes the file over, also when this fails. */
    SnapshotSource(DiskFile file, StoredSnapshot snapshot, String name, String clusterId) throws IOException {
        this.file = file;
        this.snapshot = snapshot;
        this.verifier = new SnapshotReader(file, name, clusterId);
    }

    /** Returns what the file says of itself. */
    public StoredSnapshot snapshot() {
        return snapshot;
    }

    /**
     * Returns the bytes from {@code offset}, at most 64 KiB; empty at the end of the file.
     *
     * @throws SnapshotDamagedException the file is not whole any more
     */
    public Payload read(long offset) throws IOException {
        verifier.verifyUpTo(offset + SnapshotFormat.CHUNK_BYTES);
        byte[] bytes = new byte[SnapshotFormat.CHUNK_BYTES];
        int count = file.read(offset, ByteBuffer.wrap(bytes));
        return Payload.of(count == bytes.length ? bytes : Arrays.copyOf(bytes, count));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
