package io.holdfast.zab.core;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The bytes of a transaction as the server encoded them where the request came in; they travel, are logged and are sent
 * again unchanged.
 *
 * <p>Immutable as long as the array given to {@link #of} is not written again. Length 0 to {@link #MAX_BYTES}.
 */
public final class Payload {

    /** Above every legal command; refused before it is proposed, since no server could log it (ZOOKEEPER-3496). */
    public static final int MAX_BYTES = 1 << 20;

    public static final Payload EMPTY = of(new byte[0]);

    private final byte[] bytes;
    private final int crc32c;

    private Payload(byte[] bytes, int crc32c) {
        this.bytes = bytes;
        this.crc32c = crc32c;
    }

    /**
     * Takes over the array: the caller does not write to it again.
     *
     * @throws IllegalArgumentException above {@link #MAX_BYTES}
     */
    public static Payload of(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("payload of " + bytes.length + " bytes, at most " + MAX_BYTES);
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return new Payload(bytes, (int) crc.getValue());
    }

    public int length() {
        return bytes.length;
    }

    /** Returns the CRC32C of the bytes, computed once. */
    public int crc32c() {
        return crc32c;
    }

    /** Returns a read-only view. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** Copies all bytes to the buffer's position. */
    public void writeTo(ByteBuffer target) {
        target.put(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload that && crc32c == that.crc32c && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return crc32c;
    }

    @Override
    public String toString() {
        return String.format("%d bytes, crc %08x", bytes.length, crc32c);
    }
}
