package io.holdfast.server.replica;

import io.holdfast.zab.core.Payload;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** What a keepalive batch says to the leader: {@code version, count, session ids}, big-endian. */
final class TouchNote {

    /** Session ids in one note. */
    static final int MAX_IDS = 8_192;

    private static final byte VERSION = 1;
    private static final int HEAD_BYTES = 1 + Integer.BYTES;

    private TouchNote() {}

    static Payload encode(Collection<Long> sessions) {
        if (sessions.size() > MAX_IDS) {
            throw new IllegalArgumentException(sessions.size() + " sessions in a note, at most " + MAX_IDS);
        }
        ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + sessions.size() * Long.BYTES);
        out.put(VERSION).putInt(sessions.size());
        sessions.forEach(out::putLong);
        return Payload.of(out.array());
    }

    /** Says why a payload is no note that this release reads; null when it is one. */
    static @Nullable String problem(Payload note) {
        ByteBuffer in = note.buffer();
        if (in.remaining() < HEAD_BYTES) {
            return "a touch note of " + in.remaining() + " bytes";
        }
        int version = Byte.toUnsignedInt(in.get());
        if (version != VERSION) {
            return "a touch note of version " + version + ", this release knows " + VERSION;
        }
        int count = in.getInt();
        boolean well = count >= 0 && count <= MAX_IDS && count * (long) Long.BYTES == in.remaining();
        return well ? null : "a touch note of " + count + " ids in " + in.remaining() + " bytes";
    }

    /**
     * Reads every id in a note.
     *
     * @throws IllegalArgumentException when it is no note; nothing was read then
     */
    static void decode(Payload note, LongConsumer session) {
        String problem = problem(note);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        ByteBuffer in = note.buffer();
        for (int at = in.position() + HEAD_BYTES; at < in.limit(); at += Long.BYTES) {
            session.accept(in.getLong(at));
        }
    }
}
