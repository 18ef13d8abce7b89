package io.holdfast.zab.log;

import io.holdfast.zab.core.Position;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * The application's bytes of a snapshot. Gives only bytes whose checksum was verified and fails with
 * {@link SnapshotDamagedException} otherwise; reports the end only after the trailer was verified. For one thread.
 */
public final class SnapshotReader extends InputStream {

    private final DiskFile file;
    private final String name;
    private final SnapshotFormat.Header header;
    private final ByteBuffer chunk = ByteBuffer.allocate(SnapshotFormat.CHUNK_HEADER_BYTES + SnapshotFormat.CHUNK_BYTES)
            .limit(0);
    private long offset;
    private long chunks;
    private long stateBytes;
    private long stateDigest;
    private boolean ended;

    /** Opens a file of that cluster; takes the file over, also when this fails. */
    SnapshotReader(DiskFile file, String name, String clusterId) throws IOException {
        this.file = file;
        this.name = name;
        try {
            header = SnapshotFormat.readHeader(file, name);
            if (!header.clusterId().equals(clusterId)) {
                throw new SnapshotDamagedException("snapshot " + name + " is of cluster '" + header.clusterId()
                        + "', but this is cluster '" + clusterId + "'");
            }
        } catch (IOException e) {
            file.close();
            throw e;
        }
        offset = header.bytes();
    }

    /** Reads a file to its end. */
    static StoredSnapshot verify(DiskFile file, String name, String clusterId) throws IOException {
        try (SnapshotReader reader = new SnapshotReader(file, name, clusterId)) {
            while (reader.nextChunk()) {
                reader.chunk.position(reader.chunk.limit());
            }
            return new StoredSnapshot(
                    reader.header.at(),
                    reader.header.configuration(),
                    reader.stateDigest,
                    reader.stateBytes,
                    reader.offset);
        }
    }

    /** Verifies on until all before {@code end} is verified, or the whole file is. */
    void verifyUpTo(long end) throws IOException {
        while (offset < end && nextChunk()) {
            chunk.position(chunk.limit());
        }
    }

    /** Returns how many bytes of the file were read and verified. */
    long verified() {
        return offset;
    }

    /** Returns the last transaction in the snapshot. */
    public Position at() {
        return header.at();
    }

    @Override
    public int read() throws IOException {
        return available() == 0 && !nextChunk() ? -1 : Byte.toUnsignedInt(chunk.get());
    }

    @Override
    public int read(byte[] target, int at, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (available() == 0 && !nextChunk()) {
            return -1;
        }
        int count = Math.min(length, chunk.remaining());
        chunk.get(target, at, count);
        return count;
    }

    @Override
    public int available() {
        return chunk.remaining();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Loads and verifies the next chunk; false after the trailer. */
    private boolean nextChunk() throws IOException {
        if (ended) {
            return false;
        }
        chunk.clear();
        int count = file.read(offset, chunk);
        int length = count < SnapshotFormat.CHUNK_HEADER_BYTES ? -1 : chunk.getInt(0);
        boolean trailer = length == 0;
        int end = SnapshotFormat.CHUNK_HEADER_BYTES + (trailer ? 16 : length);
        if (length < 0 || length > SnapshotFormat.CHUNK_BYTES || end > count) {
            throw damaged("it ends early or is damaged");
        }
        chunk.limit(end).position(SnapshotFormat.CHUNK_HEADER_BYTES);
        if (chunk.getInt(4) != SnapshotFormat.crc(header.crc(), trailer ? -1 - chunks : chunks, chunk)) {
            throw damaged("a checksum differs");
        }
        offset += end;
        if (trailer) {
            readTrailer();
            return false;
        }
        chunks++;
        stateBytes += length;
        return true;
    }

    private void readTrailer() throws IOException {
        long length = chunk.getLong();
        stateDigest = chunk.getLong();
        if (length != stateBytes || file.size() != offset) {
            throw damaged("its length is not what its trailer says");
        }
        ended = true;
    }

    private SnapshotDamagedException damaged(String what) {
        chunk.limit(0);
        return new SnapshotDamagedException("snapshot " + name + " at offset " + offset + ": " + what);
    }
}
