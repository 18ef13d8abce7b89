package io.holdfast.zab.log;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Zxid;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The bytes of a snapshot file: a header with cluster, position and configuration; chunks of the application's bytes,
 * each {@code length, crc, bytes}; a trailer {@code 0, crc, state length, state digest}.
 *
 * <p>Every chunk's checksum covers its number and the header's checksum, so that chunks of another place or another
 * snapshot do not pass.
 */
final class SnapshotFormat {

    static final int CHUNK_BYTES = 64 << 10;
    static final int CHUNK_HEADER_BYTES = 8;
    static final int TRAILER_BYTES = CHUNK_HEADER_BYTES + 16;

    private static final long MAGIC = 0x4846_534E_4150_5348L;
    private static final int VERSION = 1;
    private static final int PREAMBLE_BYTES = 16;
    private static final int MAX_HEADER_BYTES = ConfigurationCodec.MAX_BYTES + 1024;

    private SnapshotFormat() {}

    /**
     * The header of a snapshot file.
     *
     * @param bytes its length in the file
     * @param crc its checksum, with which those of the chunks begin
     */
    record Header(String clusterId, Position at, Configuration configuration, int bytes, int crc) {}

    static ByteBuffer header(String clusterId, Position at, Configuration configuration) {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_HEADER_BYTES);
        bytes.position(PREAMBLE_BYTES);
        ConfigurationCodec.putText(bytes, clusterId);
        bytes.putLong(at.zxid().packed()).putLong(at.chainHash());
        ConfigurationCodec.put(bytes, configuration);
        int end = bytes.position();
        bytes.putLong(0, MAGIC).putInt(8, VERSION).putInt(12, end);
        bytes.putInt(crc(bytes.duplicate().flip()));
        return bytes.flip();
    }

    static Header readHeader(DiskFile file, String name) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_HEADER_BYTES);
        file.read(0, bytes);
        bytes.flip();
        int end = bytes.limit() < PREAMBLE_BYTES ? 0 : bytes.getInt(12);
        if (end < PREAMBLE_BYTES
                || end > bytes.limit() - Integer.BYTES
                || bytes.getLong(0) != MAGIC
                || bytes.getInt(end) != crc(bytes.duplicate().limit(end))) {
            throw new SnapshotDamagedException("snapshot " + name + ": the header is damaged");
        }
        if (bytes.getInt(8) != VERSION) {
            throw new SnapshotDamagedException(
                    "snapshot " + name + " has format " + bytes.getInt(8) + " and this release reads " + VERSION);
        }
        int crc = bytes.getInt(end);
        bytes.position(PREAMBLE_BYTES);
        try {
            String clusterId = ConfigurationCodec.text(bytes);
            Position at = new Position(Zxid.unpack(bytes.getLong()), bytes.getLong());
            return new Header(clusterId, at, ConfigurationCodec.get(bytes), end + Integer.BYTES, crc);
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw new SnapshotDamagedException("snapshot " + name + ": the header makes no sense", e);
        }
    }

    /**
     * Returns the checksum of what remains in the buffer as chunk {@code number}, counted from 0; the trailer is the
     * last.
     */
    static int crc(int headerCrc, long number, ByteBuffer data) {
        ByteBuffer seed =
                ByteBuffer.allocate(12).putInt(headerCrc).putLong(number).flip();
        CRC32C crc = new CRC32C();
        crc.update(seed);
        crc.update(data.duplicate());
        return (int) crc.getValue();
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
