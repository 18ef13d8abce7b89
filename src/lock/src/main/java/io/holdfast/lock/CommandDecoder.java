package io.holdfast.lock;

import io.holdfast.lock.acl.AclCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads one command of any version that this release knows; see {@link CommandCodec}. For one use. */
final class CommandDecoder {

    private final ByteBuffer in;
    private int version;

    CommandDecoder(ByteBuffer in) {
        this.in = in;
    }

    /** Returns the version of the command that was read. */
    int version() {
        return version;
    }

    Command command() {
        version = u8("version");
        if (version > CommandCodec.NEWEST_VERSION) {
            throw new CommandVersionException("command of version " + version + ", this release knows "
                    + CommandCodec.FIRST_VERSION + " to " + CommandCodec.NEWEST_VERSION + ": upgrade this server");
        }
        if (version < CommandCodec.FIRST_VERSION) {
            throw new CommandFormatException("command of version " + version + ", which no release wrote");
        }
        int kind = u8("kind");
        if (kind != CommandKind.JUDGED) {
            return asked(kind);
        }
        long aclRevision = i64("aclRevision");
        return new Judged(aclRevision, asked(u8("kind")));
    }

    private Command asked(int kind) {
        if (kind != CommandKind.ON_BEHALF) {
            return command(kind);
        }
        String principal = principal();
        return new OnBehalf(principal, command(u8("kind")));
    }

    private Command command(int kind) {
        long at = i64("atMillis");
        return switch (kind) {
            case CommandKind.OPEN_SESSION ->
                new Command.OpenSession(
                        id(),
                        i64("ttl"),
                        text("name", 4 * Limits.SESSION_NAME_CHARS),
                        metadata(),
                        i64("lockDelay"),
                        at);
            case CommandKind.CLOSE_SESSION, CommandKind.CLOSE_DEAD ->
                new Command.CloseSession(
                        i64("session"), isFirst() ? "" : reason("forcedBy"), kind == CommandKind.CLOSE_DEAD, at);
            case CommandKind.EXPIRE_SESSIONS -> new Command.ExpireSessions(sessions(), at);
            case CommandKind.ACQUIRE ->
                new Command.Acquire(id(), i64("session"), claims(), i64("wait"), metadata(), at);
            case CommandKind.ACQUIRE_ALONE ->
                new Command.AcquireAlone(
                        id(),
                        claims(),
                        i64("ttl"),
                        i64("wait"),
                        text("name", 4 * Limits.SESSION_NAME_CHARS),
                        metadata(),
                        at);
            case CommandKind.RELEASE ->
                new Command.Release(id(), i64("token"), isFirst() ? "" : id(), isFirst() ? 0 : i64("closedFor"), at);
            case CommandKind.CHANGE_MODE -> new Command.ChangeMode(id(), i64("token"), mode(), at);
            case CommandKind.TRANSFER -> new Command.Transfer(id(), i64("token"), id(), i64("drain"), at);
            case CommandKind.BREAK ->
                new Command.Break(lock(), id(), i64("token"), reason("by"), reason("reason"), i64("after"), at);
            case CommandKind.EXPIRE_DELAYS -> new Command.ExpireDelays(delays(), at);
            case CommandKind.EXPIRE_YIELDS -> new Command.ExpireYields(tickets(), at);
            case CommandKind.EXPIRE_BREAKS -> new Command.ExpireBreaks(tickets(), at);
            case CommandKind.EXPIRE_WAITS -> new Command.ExpireWaits(tickets(), at);
            case CommandKind.CHANGE_LIMIT -> new Command.ChangeLimit(lock(), u16("limit"), at);
            case CommandKind.ATTACH -> new Command.Attach(i64("session"), id(), at);
            case CommandKind.CONTINUE_ENDINGS -> new Command.ContinueEndings(at);
            case CommandKind.SET_STATE_BYTES -> new Command.SetStateBytes(i64("bytes"), at);
            case CommandKind.CHANGE_ACL -> new ChangeAcl(i64("base"), AclCodec.decodeChange(in), at);
            default ->
                throw new CommandFormatException(
                        "command of kind " + kind + " is not known to this release: upgrade this server");
        };
    }

    /** Returns whether the version has none of the fields that were added at the end of kinds. */
    private boolean isFirst() {
        return version == CommandCodec.FIRST_VERSION;
    }

    private List<Long> sessions() {
        int count = count();
        List<Long> sessions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            sessions.add(i64("session"));
        }
        return sessions;
    }

    private List<Ticket> tickets() {
        int count = count();
        List<Ticket> tickets = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            tickets.add(new Ticket(id(), i64("ticket")));
        }
        return tickets;
    }

    private List<LockDelay> delays() {
        int count = count();
        List<LockDelay> delays = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            delays.add(new LockDelay(lock(), i64("delay")));
        }
        return delays;
    }

    private String reason(String field) {
        return text(field, 4 * Limits.REASON_CHARS);
    }

    private int count() {
        need(Short.BYTES, "count");
        int count = Short.toUnsignedInt(in.getShort());
        if (count > Limits.EXPIRY_ITEMS) {
            throw new CommandFormatException("count of " + count + ", at most " + Limits.EXPIRY_ITEMS);
        }
        return count;
    }

    private List<Claim> claims() {
        int count = u8("locks");
        if (count > Limits.LOCKS_PER_GRANT) {
            throw new CommandFormatException("count of " + count + ", at most " + Limits.LOCKS_PER_GRANT);
        }
        List<Claim> claims = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String lock = lock();
            Mode mode = mode();
            claims.add(
                    mode == Mode.SEMAPHORE
                            ? new Claim(lock, mode, u16("permits"), u16("limit"))
                            : new Claim(lock, mode, 1, 0));
        }
        return claims;
    }

    private Mode mode() {
        int code = u8("mode");
        Mode mode = Mode.ofCode(code);
        if (mode == null) {
            throw new CommandFormatException("mode " + code + " is not known to this release: upgrade this server");
        }
        return mode;
    }

    private String id() {
        return text("id", Limits.ID_CHARS);
    }

    /** Reads a principal; returns the constant for an anonymous client, which needs no copy. */
    private String principal() {
        String principal = text("principal", 3 * Limits.PRINCIPAL_CHARS);
        return principal.equals(OnBehalf.ANONYMOUS) ? OnBehalf.ANONYMOUS : principal;
    }

    private String lock() {
        return text("lock", Limits.LOCK_NAME_CHARS);
    }

    private String metadata() {
        return text("metadata", Limits.METADATA_BYTES);
    }

    /** Reads text that has at most {@code max} bytes; nothing is allocated before that is known. */
    private String text(String field, int max) {
        need(Short.BYTES, field);
        int length = Short.toUnsignedInt(in.getShort());
        if (length > max) {
            throw new CommandFormatException(field + " of " + length + " bytes, at most " + max);
        }
        need(length, field);
        if (length == 0) {
            return "";
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (!Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8))) {
            throw new CommandFormatException(field + " is not UTF-8");
        }
        return text;
    }

    private int u8(String field) {
        need(1, field);
        return Byte.toUnsignedInt(in.get());
    }

    private int u16(String field) {
        need(Short.BYTES, field);
        return Short.toUnsignedInt(in.getShort());
    }

    private long i64(String field) {
        need(Long.BYTES, field);
        return in.getLong();
    }

    private void need(int bytes, String field) {
        if (in.remaining() < bytes) {
            throw new CommandFormatException("the command ends inside its " + field);
        }
    }
}
