package io.holdfast.server.replica;

import io.holdfast.zab.core.Payload;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

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
     * Says why a payload with this kind is no position; null when it is one.
     *
     * @throws IllegalStateException for a version that only a newer release knows, which a replica cannot pass over
     */
    static @Nullable String problem(Payload payload) {
        ByteBuffer in = payload.buffer();
        int version = in.remaining() < 2 ? VERSION : Byte.toUnsignedInt(in.get(in.position() + 1));
        if (version > VERSION) {
            throw new IllegalStateException("position of the publisher of version " + version + ", this release knows "
                    + VERSION + ": upgrade this server");
        }
        boolean well = in.remaining() == BYTES && version == VERSION && in.getLong(in.position() + 2) >= 0;
        return well ? null : "a position of the publisher in " + in.remaining() + " bytes that are none";
    }

    /** Reads {@link #encode()} back; of a payload without a {@link #problem}. */
    static PublishedUpTo decode(Payload payload) {
        ByteBuffer in = payload.buffer();
        return new PublishedUpTo(in.getLong(in.position() + 2));
    }
}
