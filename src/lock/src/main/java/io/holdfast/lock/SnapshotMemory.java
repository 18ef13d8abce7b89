package io.holdfast.lock;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a snapshot that is about what ended: sessions, then grants, each as a count and entries from the oldest
 * on; from level 3 on the clock comes first, and tries and the grants that are kept for open sessions follow.
 */
final class SnapshotMemory {

    private final State state;
    private final DataInputStream in;
    private final boolean timed;

    private SnapshotMemory(State state, DataInputStream in) {
        this.state = state;
        this.in = in;
        this.timed = state.rules().areStated();
    }

    static void write(State state, DataOutputStream out) throws IOException {
        Memory memory = state.memory;
        boolean timed = state.rules().areStated();
        if (timed) {
            out.writeLong(memory.clock());
        }
        out.writeInt(memory.sessions.size());
        for (State.EndedSession ended : memory.sessions.values()) {
            TableSnapshot.write(ended.key(), out);
            write(ended.view(), timed, out);
        }
        write(memory.grants, timed, out);
        if (timed) {
            write(memory.tries, true, out);
            write(memory.kept, true, out);
        }
    }

    private static void write(Memory.Ring ring, boolean timed, DataOutputStream out) throws IOException {
        out.writeInt(ring.entries.size());
        for (Map.Entry<String, EndedView> ended : ring.entries.entrySet()) {
            TableSnapshot.write(ended.getKey(), out);
            write(ended.getValue(), timed, out);
        }
    }

    private static void write(EndedView ended, boolean timed, DataOutputStream out) throws IOException {
        out.writeLong(ended.session());
        out.writeLong(ended.token());
        out.writeByte(ended.cause().code());
        out.writeLong(ended.revision());
        TableSnapshot.write(ended.note(), out);
        if (timed) {
            out.writeLong(ended.atMillis());
            TableSnapshot.write(ended.owner(), out);
        }
    }

    /** Reads what ended; all that lives is in the table by now. */
    static void read(State state, DataInputStream in) throws IOException {
        new SnapshotMemory(state, in).read();
    }

    private void read() throws IOException {
        if (timed) {
            long clock = in.readLong();
            TableSnapshot.require(clock >= 0, "its clock is negative");
            state.tick(clock);
        }
        int sessions = count();
        for (int i = 0; i < sessions; i++) {
            readSession();
        }
        readGrants(state.memory.grants);
        if (timed) {
            readGrants(state.memory.tries);
            readKept();
        }
    }

    private void readSession() throws IOException {
        String key = text(Limits.ID_CHARS);
        EndedView ended = ended();
        TableSnapshot.require(!state.sessions.containsKey(ended.session()), "a session is open and ended");
        TableSnapshot.require(!state.memory.sessions.containsKey(ended.session()), "a session ended twice");
        if (key != null) {
            Limits.require(Limits.idProblem(key));
            TableSnapshot.require(state.keys.put(key, ended.session()) == null, "two sessions have the same key");
        }
        state.memory.recall(new State.EndedSession(key, ended));
    }

    private void readGrants(Memory.Ring ring) throws IOException {
        int count = count();
        for (int i = 0; i < count; i++) {
            String id = id();
            ring.add(id, ended());
        }
    }

    private void readKept() throws IOException {
        int count = count();
        for (int i = 0; i < count; i++) {
            String id = id();
            EndedView ended = ended();
            Session session = state.sessions.get(ended.session());
            if (session == null) {
                throw TableSnapshot.damaged("a grant is kept for a session that is not open", null);
            }
            state.memory.recallKept(session, id, ended);
        }
    }

    private String id() throws IOException {
        String id = text(Limits.ID_CHARS);
        if (id == null) {
            throw TableSnapshot.damaged("a text is missing", null);
        }
        Limits.require(Limits.idProblem(id));
        TableSnapshot.require(!state.grants.containsKey(id), "a grant lives and ended");
        TableSnapshot.require(state.endedGrant(id) == null, "a grant ended twice");
        return id;
    }

    private EndedView ended() throws IOException {
        long session = in.readLong();
        long token = in.readLong();
        Cause cause = Cause.ofCode(in.readUnsignedByte());
        if (cause == null) {
            throw TableSnapshot.damaged("something ended for a cause this release does not know", null);
        }
        long revision = in.readLong();
        String note = text(8 * Limits.REASON_CHARS + 2);
        long at = timed ? in.readLong() : 0;
        TableSnapshot.require(at >= 0 && at <= state.memory.clock(), "something ended later than now");
        return new EndedView(session, token, cause, revision, note, at, timed ? SnapshotAdditions.readOwner(in) : "");
    }

    private int count() throws IOException {
        int count = in.readInt();
        TableSnapshot.require(count >= 0, "a count is negative");
        return count;
    }

    private @Nullable String text(int max) throws IOException {
        return TableSnapshot.readText(in, max);
    }
}
