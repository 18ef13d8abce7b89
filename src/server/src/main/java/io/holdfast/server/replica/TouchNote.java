package io.holdfast.server.replica;

import io.holdfast.zab.core.Payload;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.function.LongConsumer;

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

    /**
     * Reads every id in a note. A newer member may append fields: they are passed over.
     *
     * @throws IllegalArgumentException when it is no note; nothing was read then
     */
    static void decode(Payload note, LongConsumer session) {
        ByteBuffer in = note.buffer();
        if (in.remaining() < HEAD_BYTES || in.get() < VERSION) {
            throw new IllegalArgumentException("not a touch note: " + note);
        }
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / Long.BYTES) {
            throw new IllegalArgumentException("a touch note with " + count + " ids in " + note);
        }
        for (int i = 0; i < count; i++) {
            session.accept(in.getLong());
        }
    }
}
