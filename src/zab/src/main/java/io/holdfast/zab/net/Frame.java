package io.holdfast.zab.net;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The envelope of everything on a connection: length (4 bytes), CRC32C of the body (4 bytes), body. Big-endian. */
final class Frame {

    static final int HEADER_BYTES = 8;

    /** Above every legal message: a transaction of the largest payload has half of it. */
    static final int MAX_BODY_BYTES = 2 << 20;

    private Frame() {}

    /** Leaves room for a header at the buffer's position and returns where it is, for {@link #end}. */
    static int begin(ByteBuffer out) {
        int start = out.position();
        out.position(start + HEADER_BYTES);
        return start;
    }

    /** Fills in the header of the frame that began at {@code start} and ends at the buffer's position. */
    static void end(ByteBuffer out, int start) {
        int length = out.position() - start - HEADER_BYTES;
        if (length < 1 || length > MAX_BODY_BYTES) {
            throw new IllegalStateException("a frame of " + length + " bytes, at most " + MAX_BODY_BYTES);
        }
        out.putInt(start, length);
        out.putInt(start + 4, crc32c(out, start + HEADER_BYTES, length));
    }

    static int crc32c(ByteBuffer bytes, int start, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), bytes.arrayOffset() + start, length);
        return (int) crc.getValue();
    }
}
