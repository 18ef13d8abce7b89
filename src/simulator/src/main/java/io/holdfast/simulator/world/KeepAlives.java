package io.holdfast.simulator.world;

import io.holdfast.lock.Applied;
import io.holdfast.zab.core.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the keepalives of a server's clients for a moment, so that they travel to the leader together
 * (protocol.md#t2).
 */
final class KeepAlives {

    private static final long BATCH_NANOS = 5 * Scheduler.MILLI;

    private record Waiting(long session, Reply reply) {}

    private final ServerProcess process;
    private List<Waiting> batch = new ArrayList<>();

    KeepAlives(ServerProcess process) {
        this.process = process;
    }

    void add(long session, Reply reply) {
        batch.add(new Waiting(session, reply));
        if (batch.size() == 1) {
            process.later(BATCH_NANOS, () -> process.event(this::send));
        }
    }

    private void send() {
        List<Waiting> sent = batch;
        batch = new ArrayList<>();
        ByteBuffer note = ByteBuffer.allocate(sent.size() * Long.BYTES);
        sent.forEach(waiting -> note.putLong(waiting.session()));
        process.touch(Payload.of(note.array()), new Reply() {
            @Override
            public void answered(ServerProcess at, @Nullable Applied applied) {
                sent.forEach(waiting -> waiting.reply().answered(at, applied));
            }

            @Override
            public void failed() {
                sent.forEach(waiting -> waiting.reply().failed());
            }
        });
    }

    static List<Long> sessionsOf(Payload note) {
        ByteBuffer in = note.buffer();
        List<Long> sessions = new ArrayList<>();
        while (in.hasRemaining()) {
            sessions.add(in.getLong());
        }
        return sessions;
    }
}
