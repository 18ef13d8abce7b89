package io.holdfast.lock;

import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.AclCodec;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The parts of a snapshot that the versions before the newest do not have; see {@link TableSnapshot}. */
final class SnapshotAdditions {

    private SnapshotAdditions() {}

    /** Writes what a session belongs to, by which process it is kept alive, and by which it was before. */
    static void write(Session session, DataOutputStream out) throws IOException {
        TableSnapshot.write(session.owner, out);
        TableSnapshot.write(session.attachId, out);
        out.writeByte(session.superseded.size());
        for (String id : session.superseded) {
            TableSnapshot.write(id, out);
        }
        Cause ending = session.ending;
        out.writeByte(ending == null ? 0 : ending.code());
        if (ending != null) {
            TableSnapshot.write(session.endingNote, out);
        }
    }

    /** Reads the principal that something belongs to; empty for none. */
    static String readOwner(DataInputStream in) throws IOException {
        String owner = TableSnapshot.readText(in, 3 * Limits.PRINCIPAL_CHARS);
        if (owner == null) {
            throw new SnapshotFormatException("an owner is missing");
        }
        if (owner.isEmpty() || owner.equals(OnBehalf.ANONYMOUS)) {
            return owner.isEmpty() ? "" : OnBehalf.ANONYMOUS;
        }
        Limits.require(Limits.principalProblem(owner));
        return owner;
    }

    /** Reads whether the session, which is in the table by now, ended and still has something. */
    static void readEnding(State state, Session session, DataInputStream in) throws IOException {
        int code = in.readUnsignedByte();
        Cause ending = Cause.ofCode(code);
        TableSnapshot.require(ending != null || code == 0, "a session ends for a cause this release does not know");
        if (ending != null) {
            state.beginEnding(session, ending, TableSnapshot.readText(in, 4 * Limits.REASON_CHARS));
        }
    }

    static void read(Session session, DataInputStream in) throws IOException {
        session.attachId = id(in, true);
        int count = in.readUnsignedByte();
        TableSnapshot.require(count <= Limits.SUPERSEDED_MAX, "a session was taken over too often");
        TableSnapshot.require(count == 0 || !session.attachId.isEmpty(), "a superseded session has no attach id");
        List<String> superseded = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            superseded.add(id(in, false));
        }
        session.superseded = List.copyOf(superseded);
    }

    private static String id(DataInputStream in, boolean mayBeEmpty) throws IOException {
        String id = TableSnapshot.readText(in, Limits.ID_CHARS);
        TableSnapshot.require(id != null, "an attach id is missing");
        if (id == null || (mayBeEmpty && id.isEmpty())) {
            return "";
        }
        Limits.require(Limits.idProblem(id));
        return id;
    }

    /** Writes the limits that were set, in the order of the locks' names: each with that of the first ticket. */
    static void writeLimits(State state, DataOutputStream out) throws IOException {
        out.writeInt(state.limits);
        for (Lock lock : state.limits == 0 ? List.<Lock>of() : state.locks.values()) {
            if (lock.hasSetLimit()) {
                TableSnapshot.write(lock.name, out);
                out.writeShort(lock.asked);
                out.writeShort(lock.set);
            }
        }
    }

    /** Reads the limits; their locks are in the table from here on, and get their grants later. */
    static void readLimits(State state, DataInputStream in) throws IOException {
        int count = in.readInt();
        TableSnapshot.require(count >= 0, "a count is negative");
        for (int i = 0; i < count; i++) {
            String name = TableSnapshot.readText(in, Limits.LOCK_NAME_CHARS);
            if (name == null) {
                throw new SnapshotFormatException("a limit has no lock");
            }
            Lock lock = new Lock(name, in.readUnsignedShort());
            int set = in.readUnsignedShort();
            Limits.require(Limits.lockNameProblem(name));
            Limits.require(Limits.permitsProblem(Mode.SEMAPHORE, 1, lock.asked));
            Limits.require(Limits.permitsProblem(Mode.SEMAPHORE, 1, set));
            boolean inOrder = state.locks.isEmpty() || state.locks.lastKey().compareTo(name) < 0;
            TableSnapshot.require(inOrder, "a limit is out of order");
            state.locks.put(name, lock);
            state.limit(lock, set);
        }
    }

    /** Writes the rules and access keys after their length; none for an ensemble that never had any. */
    static void write(Acl acl, DataOutputStream out) throws IOException {
        byte[] bytes = acl.equals(Acl.NONE) ? new byte[0] : AclCodec.encode(acl);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static void readAcl(State state, DataInputStream in) throws IOException {
        int length = in.readInt();
        TableSnapshot.require(length >= 0 && length <= Acl.BYTES, "its rules are too long");
        byte[] bytes = in.readNBytes(length);
        TableSnapshot.require(bytes.length == length, "it is cut off");
        Acl acl = length == 0 ? Acl.NONE : AclCodec.decodeAcl(bytes);
        TableSnapshot.require(acl.revision() <= state.revision, "its rules are newer than the table");
        TableSnapshot.require(length == 0 || !acl.equals(Acl.NONE), "rules that were never set are written");
        state.rule(acl);
    }
}
