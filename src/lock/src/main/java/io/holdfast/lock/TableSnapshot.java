package io.holdfast.lock;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The table as a stream of bytes: a head, then open sessions, grants, remembered sessions and remembered grants, each
 * as a count and entries in the one order they can have, then the digest and a CRC32C of all before it. Big-endian,
 * text in UTF-8 after its length.
 */
final class TableSnapshot {

    private static final int MAGIC = 0x48464C54;
    /** Of levels 1 and 2, which it does not tell apart. Versions 1 and 2 knew less, and were never released. */
    static final int FIRST_VERSION = 3;

    /** Of level 3: the level and the quota in bytes come first. */
    static final int NEWEST_VERSION = 4;

    /** In the place of a text's length. */
    private static final int NO_TEXT = 0xFFFF;
    /** Bits of what a grant is told. */
    private static final int YIELD = 1;

    private static final int BREAKING = 2;

    private TableSnapshot() {}

    static void write(State state, OutputStream to) throws IOException {
        CRC32C crc = new CRC32C();
        DataOutputStream out = new DataOutputStream(new CheckedOutputStream(to, crc));
        out.writeInt(MAGIC);
        out.writeShort(state.rules().snapshotVersion());
        if (state.rules().areStated()) {
            out.writeShort(state.rules().level());
            out.writeLong(state.bytesLimitSet());
        }
        out.writeLong(state.revision);
        out.writeLong(state.lastToken);
        out.writeInt(state.sessions.size());
        for (Session session : state.sessions.values()) {
            write(session, out);
            if (state.rules().areStated()) {
                SnapshotAdditions.write(session, out);
            }
        }
        if (state.rules().areStated()) {
            SnapshotAdditions.writeLimits(state, out);
        }
        out.writeInt(state.grants.size());
        for (Grant grant : state.grants.values()) {
            write(grant, out);
        }
        out.writeInt(state.delays);
        for (Lock lock : state.delays == 0 ? List.<Lock>of() : state.locks.values()) {
            if (lock.closed != null) {
                write(lock.name, out);
                out.writeShort(lock.limit());
                out.writeLong(lock.closed.number());
                out.writeInt(lock.closed.millis());
            }
        }
        SnapshotMemory.write(state, out);
        if (state.rules().areStated()) {
            SnapshotAdditions.write(state.acl(), out);
        }
        out.writeLong(state.digest());
        out.writeInt((int) crc.getValue());
        out.flush();
    }

    private static void write(Session session, DataOutputStream out) throws IOException {
        out.writeLong(session.id);
        write(session.key, out);
        write(session.name, out);
        out.writeInt(session.ttlMillis);
        write(session.metadata, out);
        out.writeInt(session.lockDelayMillis);
        out.writeLong(session.openedAtMillis);
    }

    private static void write(Grant grant, DataOutputStream out) throws IOException {
        write(grant.id, out);
        out.writeLong(grant.session.id);
        write(grant.metadata, out);
        out.writeLong(grant.ticket);
        out.writeInt(grant.waitMillis);
        out.writeLong(grant.askedAtMillis);
        out.writeLong(grant.token);
        out.writeLong(grant.grantedAtMillis);
        out.writeByte(grant.size());
        for (int i = 0; i < grant.size(); i++) {
            Place place = grant.place(i);
            write(place.lock.name, out);
            out.writeByte(place.mode.code());
            out.writeBoolean(place.changed);
            out.writeShort(place.permits);
            out.writeShort(place.lock.limit());
        }
        write(grant.notice, out);
    }

    private static void write(Notice notice, DataOutputStream out) throws IOException {
        Yield yield = notice.yield();
        Breaking breaking = notice.breaking();
        out.writeByte((yield == null ? 0 : YIELD) + (breaking == null ? 0 : BREAKING));
        if (yield != null) {
            write(yield.to(), out);
            out.writeLong(yield.ticket());
            out.writeLong(yield.drainMillis());
            out.writeLong(yield.number());
        }
        if (breaking != null) {
            write(breaking.by(), out);
            write(breaking.reason(), out);
            out.writeLong(breaking.afterMillis());
            out.writeLong(breaking.number());
        }
    }

    static void write(@Nullable String text, DataOutputStream out) throws IOException {
        if (text == null) {
            out.writeShort(NO_TEXT);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    /**
     * Reads a state.
     *
     * @param quotas null for those of its level
     */
    static State read(InputStream from, @Nullable Quotas quotas) throws IOException {
        try {
            return new Reader(from, quotas).read();
        } catch (EOFException e) {
            throw damaged("it is cut off", e);
        } catch (IllegalArgumentException e) {
            throw damaged(String.valueOf(e.getMessage()), e);
        }
    }

    static SnapshotFormatException damaged(String what, @Nullable Throwable cause) {
        SnapshotFormatException damaged =
                new SnapshotFormatException("the snapshot of the lock table is not usable: " + what);
        if (cause != null) {
            damaged.initCause(cause);
        }
        return damaged;
    }

    /** Rebuilds a state entry by entry; every entry must be one that the table could have written in that place. */
    private static final class Reader {

        private final CRC32C crc = new CRC32C();
        private final DataInputStream in;
        private final State state;
        private final List<Delayed> delays = new ArrayList<>();
        private final List<Holder> holders = new ArrayList<>();
        private long lastTicket;

        /** A grant that is to get its locks back. */
        private record Holder(Grant grant, long token, long grantedAt) {}

        /** A lock that is to be closed again. */
        private record Delayed(Lock lock, Closed closed) {}

        Reader(InputStream from, @Nullable Quotas quotas) {
            in = new DataInputStream(new CheckedInputStream(from, crc));
            Rules first = Rules.at(Rules.FIRST_LEVEL);
            state = new State(quotas == null ? first : first.with(quotas));
        }

        State read() throws IOException {
            require(in.readInt() == MAGIC, "it does not begin like one");
            readLevel();
            state.revision = in.readLong();
            state.lastToken = in.readLong();
            require(state.revision >= 0, "its revision is negative");
            require(state.lastToken >= 0 && state.lastToken <= Limits.TOKEN_MAX, "its last token is out of range");
            int sessions = count();
            for (int i = 0; i < sessions; i++) {
                readSession();
            }
            if (state.rules().areStated()) {
                SnapshotAdditions.readLimits(state, in);
            }
            int grants = count();
            for (int i = 0; i < grants; i++) {
                readGrant();
            }
            int delays = count();
            for (int i = 0; i < delays; i++) {
                readDelay();
            }
            giveLocks();
            SnapshotMemory.read(state, in);
            if (state.rules().areStated()) {
                SnapshotAdditions.readAcl(state, in);
            }
            require(in.readLong() == state.digest(), "its digest is not that of its content");
            int sum = (int) crc.getValue();
            require(in.readInt() == sum, "its checksum is wrong");
            return state;
        }

        private void readLevel() throws IOException {
            int version = in.readUnsignedShort();
            require(
                    version >= FIRST_VERSION && version <= NEWEST_VERSION,
                    "its version is " + version + ", this release knows " + FIRST_VERSION + " to " + NEWEST_VERSION);
            if (version > FIRST_VERSION) {
                state.raise(in.readUnsignedShort());
                require(state.rules().snapshotVersion() == version, "its level has another version");
                long limit = in.readLong();
                require(limit == 0 || limit >= Limits.STATE_BYTES_MIN, "its quota in bytes is out of range");
                state.limitBytes(limit);
            }
        }

        private void readSession() throws IOException {
            long id = in.readLong();
            require(id > lastSession() && id <= state.revision, "a session is out of order");
            String key = optionalText(Limits.ID_CHARS);
            String name = text(4 * Limits.SESSION_NAME_CHARS);
            long ttl = in.readInt();
            String metadata = text(Limits.METADATA_BYTES);
            long lockDelay = in.readInt();
            if (key != null) {
                Limits.require(Limits.idProblem(key));
                require(!state.keys.containsKey(key), "two sessions have the same key");
            }
            Limits.require(Limits.ttlProblem(ttl));
            Limits.require(Limits.sessionNameProblem(name));
            Limits.require(Limits.lockDelayProblem(lockDelay));
            Limits.require(Limits.metadataProblem(metadata));
            long openedAt = in.readLong();
            String owner = state.rules().areStated() ? SnapshotAdditions.readOwner(in) : "";
            Session.Terms terms = new Session.Terms(key, name, ttl, metadata, lockDelay, owner);
            Session session = new Session(id, terms, openedAt);
            if (state.rules().areStated()) {
                SnapshotAdditions.read(session, in);
            }
            state.open(session);
            if (state.rules().areStated()) {
                SnapshotAdditions.readEnding(state, session, in);
            }
        }

        private long lastSession() {
            return state.sessions.isEmpty() ? 0 : state.sessions.lastKey();
        }

        private void readGrant() throws IOException {
            String id = text(Limits.ID_CHARS);
            Session session = state.sessions.get(in.readLong());
            String metadata = text(Limits.METADATA_BYTES);
            long ticket = in.readLong();
            int wait = in.readInt();
            long askedAt = in.readLong();
            long token = in.readLong();
            long grantedAt = in.readLong();
            boolean[] changed = new boolean[Limits.LOCKS_PER_GRANT];
            List<Claim> claims = readClaims(changed);
            Notice notice = readNotice();
            Limits.require(Limits.idProblem(id));
            Limits.require(Limits.metadataProblem(metadata));
            Limits.require(Limits.waitProblem(wait));
            Limits.require(Limits.claimsProblem(claims));
            require(!state.grants.containsKey(id), "two grants have the same id");
            if (session == null) {
                throw damaged("a grant has no session", null);
            }
            require(ticket > lastTicket && ticket <= state.revision, "a grant is out of order");
            lastTicket = ticket;
            List<Lock> locks = new ArrayList<>(claims.size());
            for (Claim claim : claims) {
                Lock lock = state.lockToAsk(claim);
                require(lock.limit() == claim.limit(), "a lock has two limits");
                locks.add(lock);
            }
            Grant.Ask ask = new Grant.Ask(id, claims, wait, metadata, askedAt);
            Grant grant = new Grant(session, locks, ticket, ask);
            grant.notice = notice;
            for (int i = 0; i < grant.size(); i++) {
                grant.place(i).changed = changed[i];
            }
            require(token != 0 || notice.equals(Notice.NONE), "a ticket in line has a notice for holders");
            add(grant, token, grantedAt);
        }

        private List<Claim> readClaims(boolean[] changed) throws IOException {
            int count = in.readUnsignedByte();
            require(count <= Limits.LOCKS_PER_GRANT, "a grant has too many locks");
            List<Claim> claims = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                String lock = text(Limits.LOCK_NAME_CHARS);
                Mode mode = Mode.ofCode(in.readUnsignedByte());
                if (mode == null) {
                    throw damaged("a grant has a mode this release does not know", null);
                }
                changed[i] = in.readBoolean();
                int permits = in.readUnsignedShort();
                claims.add(new Claim(lock, mode, permits, in.readUnsignedShort()));
            }
            return claims;
        }

        private Notice readNotice() throws IOException {
            int told = in.readUnsignedByte();
            require(told <= YIELD + BREAKING, "a grant has a notice this release does not know");
            Yield yield = null;
            Breaking breaking = null;
            if ((told & YIELD) != 0) {
                String to = text(Limits.ID_CHARS);
                long ticket = in.readLong();
                long drain = in.readLong();
                yield = new Yield(to, ticket, drain, in.readLong());
                Limits.require(Limits.idProblem(to));
                Limits.require(Limits.noticeProblem(drain));
            }
            if ((told & BREAKING) != 0) {
                String by = text(4 * Limits.REASON_CHARS);
                String reason = text(4 * Limits.REASON_CHARS);
                long after = in.readLong();
                breaking = new Breaking(by, reason, after, in.readLong());
                Limits.require(Limits.reasonProblem(by));
                Limits.require(Limits.reasonProblem(reason));
                Limits.require(Limits.noticeProblem(after));
            }
            return told == 0 ? Notice.NONE : new Notice(yield, breaking);
        }

        private void readDelay() throws IOException {
            String name = text(Limits.LOCK_NAME_CHARS);
            int limit = in.readUnsignedShort();
            Closed closed = new Closed(in.readLong(), in.readInt());
            Limits.require(Limits.lockNameProblem(name));
            Limits.require(Limits.closedProblem(closed.millis()));
            require(closed.number() > 0 && closed.number() <= state.revision, "a delay is out of order");
            boolean inOrder = delays.isEmpty()
                    || delays.get(delays.size() - 1).lock().name.compareTo(name) < 0;
            require(inOrder, "a delay is out of order");
            Lock known = state.locks.get(name);
            Lock lock = known == null ? new Lock(name, limit) : known;
            require(lock.limit() == limit, "a lock has two limits");
            delays.add(new Delayed(lock, closed));
        }

        private void add(Grant grant, long token, long grantedAt) throws IOException {
            require(token >= 0 && token <= state.lastToken, "a token was never given");
            if (token != 0) {
                holders.add(new Holder(grant, token, grantedAt));
            } else {
                require(grantedAt == 0, "a ticket in line has a time of its grant");
            }
            state.add(grant);
        }

        /** Holders stand in the order of their tokens, which is not that of their tickets. */
        private void giveLocks() throws IOException {
            holders.sort(Comparator.comparingLong(Holder::token));
            long lastToken = 0;
            for (Holder holder : holders) {
                require(holder.token() > lastToken, "two grants have the same token");
                lastToken = holder.token();
                for (int i = 0; i < holder.grant().size(); i++) {
                    Place place = holder.grant().place(i);
                    // Of a limit that was lowered nothing was taken back.
                    boolean well = place.lock.admits(place.mode, place.permits) || place.lock.hasSetLimit();
                    require(well, "a lock has holders that exclude each other");
                }
                state.hold(holder.grant(), holder.token(), holder.grantedAt());
            }
            for (Delayed delayed : delays) {
                state.close(delayed.lock(), delayed.closed());
            }
            for (Grant grant : state.grants.values()) {
                if (!grant.held()) {
                    state.enqueue(grant);
                }
            }
            for (Lock lock : state.locks.values()) {
                require(!lock.idle(), "an unused lock has a limit");
                for (Place place = lock.openNext(); place != null; place = lock.openNext()) {
                    require(!place.grant.isReady() || place.grant.session.ending != null, "a ticket waits for nothing");
                }
            }
        }

        private int count() throws IOException {
            int count = in.readInt();
            require(count >= 0, "a count is negative");
            return count;
        }

        private String text(int max) throws IOException {
            String text = optionalText(max);
            if (text == null) {
                throw damaged("a text is missing", null);
            }
            return text;
        }

        private @Nullable String optionalText(int max) throws IOException {
            return readText(in, max);
        }
    }

    /** Reads a text of at most so many bytes; null for none. */
    static @Nullable String readText(DataInputStream in, int max) throws IOException {
        int length = in.readUnsignedShort();
        if (length == NO_TEXT) {
            return null;
        }
        require(length <= max, "a text is too long");
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        require(Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8)), "a text is not UTF-8");
        return text;
    }

    static void require(boolean well, String otherwise) throws IOException {
        if (!well) {
            throw damaged(otherwise, null);
        }
    }
}
