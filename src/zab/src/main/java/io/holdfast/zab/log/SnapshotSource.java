package io.holdfast.zab.log;

import io.holdfast.zab.core.Payload;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The file of a snapshot as it is, for sending; stays readable also when the store drops the snapshot meanwhile. */
public final class SnapshotSource implements Closeable {

    private final DiskFile file;
    private final StoredSnapshot snapshot;

    SnapshotSource(DiskFile file, StoredSnapshot snapshot) {
        this.file = file;
        this.snapshot = snapshot;
    }

    /** Returns what the file says of itself. */
    public StoredSnapshot snapshot() {
        return snapshot;
    }

    /** Returns the bytes from {@code offset}, at most 64 KiB; empty at the end of the file. */
    public Payload read(long offset) throws IOException {
        byte[] bytes = new byte[SnapshotFormat.CHUNK_BYTES];
        int count = file.read(offset, ByteBuffer.wrap(bytes));
        return Payload.of(count == bytes.length ? bytes : Arrays.copyOf(bytes, count));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
