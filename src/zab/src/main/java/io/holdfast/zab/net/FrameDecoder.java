package io.holdfast.zab.net;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Cuts a stream of bytes, however it was torn in pieces, into checked frames. Keeps at most one unfinished frame. */
final class FrameDecoder {

    private static final int INITIAL_BYTES = 16 << 10;

    /** What the first record of TLS begins with: its type, and the first half of its version. */
    private static final int TLS_HANDSHAKE = 0x1603;

    private static final int KEEP_BYTES = 256 << 10;

    /** Bytes received and not yet consumed are between its position and {@code end}. */
    private ByteBuffer bytes = ByteBuffer.allocate(INITIAL_BYTES);

    private int end;

    private int bodyBytesMax;

    /**
     * Makes a decoder of one connection.
     *
     * @param bodyBytesMax the longest body that it takes, until {@link #bodyBytesMax(int)} says otherwise
     */
    FrameDecoder(int bodyBytesMax) {
        this.bodyBytesMax = bodyBytesMax;
    }

    /** Takes frames of that length from the next one on. */
    void bodyBytesMax(int bytes) {
        bodyBytesMax = bytes;
    }

    /** Takes what arrived; {@link #next} is called until it returns null before the next call. */
    void feed(Buffer arrived) {
        makeRoom(arrived.length());
        arrived.getBytes(bytes.array(), end);
        end += arrived.length();
    }

    /**
     * Returns the body of the next frame, to be read before the next call; null when more bytes must arrive first.
     *
     * @throws FrameException when a length is out of bounds or a checksum is wrong; nothing after it can be trusted
     */
    @Nullable
    ByteBuffer next() throws FrameException {
        int start = bytes.position();
        if (end - start < Frame.HEADER_BYTES) {
            return null;
        }
        int length = bytes.getInt(start);
        if (length < 1 || length > bodyBytesMax) {
            if (length >>> 16 == TLS_HANDSHAKE) {
                throw new FrameException("it speaks TLS, and this node does not (holdfast.peer.tls.mode)");
            }
            throw new FrameException("frame length " + length + " is not 1 to " + bodyBytesMax);
        }
        int body = start + Frame.HEADER_BYTES;
        if (end - body < length) {
            return null;
        }
        if (Frame.crc32c(bytes, body, length) != bytes.getInt(start + 4)) {
            throw new FrameException("checksum of a frame of " + length + " bytes is wrong");
        }
        bytes.position(body + length);
        return bytes.slice(body, length);
    }

    /** Moves what is unfinished to the front, of a larger or smaller array if need be. */
    private void makeRoom(int arriving) {
        int unfinished = end - bytes.position();
        int needed = unfinished + arriving;
        boolean wasteful = bytes.capacity() > KEEP_BYTES && needed <= INITIAL_BYTES;
        if (bytes.capacity() - end >= arriving && !wasteful) {
            return;
        }
        byte[] from = bytes.array();
        int position = bytes.position();
        if (needed > bytes.capacity() || wasteful) {
            bytes = ByteBuffer.allocate(Math.max(INITIAL_BYTES, Integer.highestOneBit(needed) << 1));
        }
        System.arraycopy(from, position, bytes.array(), 0, unfinished);
        bytes.position(0);
        end = unfinished;
    }
}
