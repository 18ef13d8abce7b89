package io.holdfast.server.replica;

import io.holdfast.zab.core.Payload;
import java.nio.ByteBuffer;

/**
 * The command of the publisher: everything up to a revision is with the broker. As bytes {@code kind, version,
 * revision}; the kind is no version of a lock table's command.
 *
 * @param revision packed
 */
record PublishedUpTo(long revision) {

    private static final byte KIND = 0x50;
    private static final byte VERSION = 1;
    private static final int BYTES = 2 + Long.BYTES;

    /** Returns whether a payload is one, and not a command of the lock table. */
    static boolean is(Payload payload) {
        return payload.length() > 0 && payload.buffer().get() == KIND;
    }

    Payload encode() {
        return Payload.of(ByteBuffer.allocate(BYTES)
                .put(KIND)
                .put(VERSION)
                .putLong(revision)
                .array());
    }

    /**
     * Reads {@link #encode()} back; a later version may append fields.
     *
     * @throws IllegalArgumentException when it is none
     */
    static PublishedUpTo decode(Payload payload) {
        ByteBuffer in = payload.buffer();
        if (in.remaining() < BYTES || in.get() != KIND || in.get() < VERSION) {
            throw new IllegalArgumentException("not a position of the publisher: " + payload);
        }
        return new PublishedUpTo(in.getLong());
    }
}
