package io.holdfast.zab.log;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Position;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** A snapshot that is being written: the application's bytes go in, {@link #finish} makes it count. For one thread. */
public final class SnapshotWriter extends OutputStream {

    static final String TEMPORARY = "snapshot-own.tmp";

    private final SnapshotStore store;
    private final DiskFile file;
    private final SnapshotPace pace;
    private final ByteBuffer chunk =
            ByteBuffer.allocate(SnapshotFormat.CHUNK_HEADER_BYTES + SnapshotFormat.CHUNK_BYTES);
    private final int headerCrc;
    private long offset;
    private long chunks;
    private long stateBytes;
    private boolean closed;

    SnapshotWriter(SnapshotStore store, DiskFile file, Position at, Configuration configuration, SnapshotPace pace)
            throws IOException {
        this.store = store;
        this.file = file;
        this.pace = pace;
        ByteBuffer header = SnapshotFormat.header(store.clusterId(), at, configuration);
        headerCrc = header.getInt(header.limit() - Integer.BYTES);
        emit(header);
        chunk.position(SnapshotFormat.CHUNK_HEADER_BYTES);
    }

    @Override
    public void write(int value) throws IOException {
        if (!chunk.hasRemaining()) {
            emitChunk();
        }
        chunk.put((byte) value);
    }

    @Override
    public void write(byte[] source, int at, int length) throws IOException {
        int done = 0;
        while (done < length) {
            if (!chunk.hasRemaining()) {
                emitChunk();
            }
            int count = Math.min(length - done, chunk.remaining());
            chunk.put(source, at + done, count);
            done += count;
        }
    }

    /**
     * Writes the rest, fsyncs, reads all back and verifies it, and only then gives the file its name, durably.
     *
     * <p>What is read back comes from the memory of the operating system, mostly: it proves that the file is what was
     * to be written, whole and in order, and not that the disk keeps it. That the disk does is read again later and
     * rarely.
     *
     * @param stateDigest digest of the state that was written
     * @throws NoRoomException the disk is full; nothing of it is kept
     */
    public StoredSnapshot finish(long stateDigest) throws IOException {
        if (chunk.position() > SnapshotFormat.CHUNK_HEADER_BYTES) {
            emitChunk();
        }
        ByteBuffer trailer = ByteBuffer.allocate(SnapshotFormat.TRAILER_BYTES);
        trailer.position(SnapshotFormat.CHUNK_HEADER_BYTES);
        trailer.putLong(stateBytes).putLong(stateDigest);
        trailer.flip().position(SnapshotFormat.CHUNK_HEADER_BYTES);
        trailer.putInt(0, 0).putInt(4, SnapshotFormat.crc(headerCrc, -1 - chunks, trailer));
        emit(trailer.position(0));
        file.force();
        closed = true;
        file.close();
        return store.adopt(TEMPORARY);
    }

    /** Drops everything when {@link #finish} was not called or failed. */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            file.close();
            store.drop(TEMPORARY);
        }
    }

    private void emitChunk() throws IOException {
        int length = chunk.position() - SnapshotFormat.CHUNK_HEADER_BYTES;
        chunk.flip().position(SnapshotFormat.CHUNK_HEADER_BYTES);
        chunk.putInt(0, length).putInt(4, SnapshotFormat.crc(headerCrc, chunks, chunk));
        emit(chunk.position(0));
        chunks++;
        stateBytes += length;
        chunk.clear().position(SnapshotFormat.CHUNK_HEADER_BYTES);
    }

    private void emit(ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        boolean durable = store.write(file, offset, bytes);
        offset += count;
        if (durable) {
            pace.stepWritten();
        }
    }
}
