package io.holdfast.lock;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Commands as bytes: {@code version, kind, atMillis, fields}, big-endian, text in UTF-8 after its length.
 *
 * <p>A field is never changed or removed: a later version adds kinds, or fields at the end of a kind. Without state,
 * and for any thread.
 */
public final class CommandCodec {

    /** Versions 1 and 2 knew less, and were never released. */
    static final int VERSION = 3;

    private CommandCodec() {}

    /** Encodes a command. The array is fresh and has the exact length. */
    public static byte[] encode(Command command) {
        return command.dispatch(new Encoder());
    }

    /** Decodes the whole array. See {@link #decode(ByteBuffer)}. */
    public static Command decode(byte[] bytes) {
        return decode(ByteBuffer.wrap(bytes));
    }

    /**
     * Decodes everything from the buffer's position to its limit.
     *
     * @throws CommandFormatException for an unknown version or kind, a length that cannot be, bytes that are missing or
     *     left over, and every value that the command's constructor refuses
     */
    public static Command decode(ByteBuffer in) {
        Decoder decoder = new Decoder(in);
        try {
            Command command = decoder.command();
            if (in.hasRemaining()) {
                throw new CommandFormatException(in.remaining() + " bytes left over after the command");
            }
            return command;
        } catch (CommandFormatException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            CommandFormatException refused =
                    new CommandFormatException("the command has a bad value: " + e.getMessage());
            refused.initCause(e);
            throw refused;
        }
    }

    /** The kinds by their number on the wire. */
    private static final class Kind {
        static final int OPEN_SESSION = 1;
        static final int CLOSE_SESSION = 2;
        static final int EXPIRE_SESSIONS = 3;
        static final int ACQUIRE = 4;
        static final int ACQUIRE_ALONE = 5;
        static final int RELEASE = 6;
        static final int EXPIRE_WAITS = 7;
        static final int CHANGE_MODE = 8;
        static final int TRANSFER = 9;
        static final int BREAK = 10;
        static final int EXPIRE_DELAYS = 11;
        static final int EXPIRE_YIELDS = 12;
        static final int EXPIRE_BREAKS = 13;
    }

    private static final class Encoder implements CommandHandler<byte[]> {

        private static final int HEAD = 1 + 1 + Long.BYTES;

        private byte[] bytes = new byte[0];

        @Override
        public byte[] onOpenSession(Command.OpenSession c) {
            byte[] key = utf8(c.key());
            byte[] name = utf8(c.name());
            byte[] metadata = utf8(c.metadata());
            ByteBuffer out = head(Kind.OPEN_SESSION, c, 2 * Long.BYTES + sized(key) + sized(name) + sized(metadata));
            put(out, key);
            out.putLong(c.ttlMillis());
            put(out, name);
            put(out, metadata);
            out.putLong(c.lockDelayMillis());
            return bytes;
        }

        @Override
        public byte[] onCloseSession(Command.CloseSession c) {
            head(Kind.CLOSE_SESSION, c, Long.BYTES).putLong(c.session());
            return bytes;
        }

        @Override
        public byte[] onExpireSessions(Command.ExpireSessions c) {
            int count = c.sessions().size();
            ByteBuffer out = head(Kind.EXPIRE_SESSIONS, c, Short.BYTES + count * Long.BYTES);
            out.putShort((short) count);
            c.sessions().forEach(out::putLong);
            return bytes;
        }

        @Override
        public byte[] onAcquire(Command.Acquire c) {
            byte[] grant = utf8(c.grant());
            byte[] metadata = utf8(c.metadata());
            int claims = sized(c.claims());
            ByteBuffer out = head(Kind.ACQUIRE, c, claims + 2 * Long.BYTES + sized(grant) + sized(metadata));
            put(out, grant);
            out.putLong(c.session());
            put(out, c.claims());
            out.putLong(c.waitMillis());
            put(out, metadata);
            return bytes;
        }

        @Override
        public byte[] onAcquireAlone(Command.AcquireAlone c) {
            byte[] grant = utf8(c.grant());
            byte[] name = utf8(c.sessionName());
            byte[] metadata = utf8(c.metadata());
            int texts = sized(grant) + sized(c.claims()) + sized(name) + sized(metadata);
            ByteBuffer out = head(Kind.ACQUIRE_ALONE, c, 2 * Long.BYTES + texts);
            put(out, grant);
            put(out, c.claims());
            out.putLong(c.ttlMillis());
            out.putLong(c.waitMillis());
            put(out, name);
            put(out, metadata);
            return bytes;
        }

        @Override
        public byte[] onChangeMode(Command.ChangeMode c) {
            byte[] grant = utf8(c.grant());
            ByteBuffer out = head(Kind.CHANGE_MODE, c, 1 + Long.BYTES + sized(grant));
            put(out, grant);
            out.putLong(c.token());
            out.put((byte) c.mode().code());
            return bytes;
        }

        @Override
        public byte[] onRelease(Command.Release c) {
            byte[] grant = utf8(c.grant());
            ByteBuffer out = head(Kind.RELEASE, c, Long.BYTES + sized(grant));
            put(out, grant);
            out.putLong(c.token());
            return bytes;
        }

        @Override
        public byte[] onTransfer(Command.Transfer c) {
            byte[] grant = utf8(c.grant());
            byte[] to = utf8(c.to());
            ByteBuffer out = head(Kind.TRANSFER, c, 2 * Long.BYTES + sized(grant) + sized(to));
            put(out, grant);
            out.putLong(c.token());
            put(out, to);
            out.putLong(c.drainMillis());
            return bytes;
        }

        @Override
        public byte[] onBreak(Command.Break c) {
            byte[] lock = utf8(c.lock());
            byte[] grant = utf8(c.grant());
            byte[] by = utf8(c.by());
            byte[] reason = utf8(c.reason());
            int texts = sized(lock) + sized(grant) + sized(by) + sized(reason);
            ByteBuffer out = head(Kind.BREAK, c, 2 * Long.BYTES + texts);
            put(out, lock);
            put(out, grant);
            out.putLong(c.token());
            put(out, by);
            put(out, reason);
            out.putLong(c.afterMillis());
            return bytes;
        }

        @Override
        public byte[] onExpireDelays(Command.ExpireDelays c) {
            List<byte[]> locks = new ArrayList<>(c.items().size());
            List<Long> numbers = new ArrayList<>(c.items().size());
            for (LockDelay delay : c.items()) {
                locks.add(utf8(delay.lock()));
                numbers.add(delay.number());
            }
            return numbered(Kind.EXPIRE_DELAYS, c, locks, numbers);
        }

        @Override
        public byte[] onExpireYields(Command.ExpireYields c) {
            return tickets(Kind.EXPIRE_YIELDS, c, c.items());
        }

        @Override
        public byte[] onExpireBreaks(Command.ExpireBreaks c) {
            return tickets(Kind.EXPIRE_BREAKS, c, c.items());
        }

        @Override
        public byte[] onExpireWaits(Command.ExpireWaits c) {
            return tickets(Kind.EXPIRE_WAITS, c, c.tickets());
        }

        private byte[] tickets(int kind, Command c, List<Ticket> tickets) {
            List<byte[]> grants = new ArrayList<>(tickets.size());
            List<Long> numbers = new ArrayList<>(tickets.size());
            for (Ticket ticket : tickets) {
                grants.add(utf8(ticket.grant()));
                numbers.add(ticket.number());
            }
            return numbered(kind, c, grants, numbers);
        }

        private byte[] numbered(int kind, Command c, List<byte[]> names, List<Long> numbers) {
            int length = Short.BYTES;
            for (byte[] name : names) {
                length += sized(name) + Long.BYTES;
            }
            ByteBuffer out = head(kind, c, length);
            out.putShort((short) names.size());
            for (int i = 0; i < names.size(); i++) {
                put(out, names.get(i));
                out.putLong(numbers.get(i));
            }
            return bytes;
        }

        private ByteBuffer head(int kind, Command command, int bodyLength) {
            bytes = new byte[HEAD + bodyLength];
            return ByteBuffer.wrap(bytes).put((byte) VERSION).put((byte) kind).putLong(command.atMillis());
        }

        private static byte[] utf8(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        private static int sized(byte[] text) {
            return Short.BYTES + text.length;
        }

        private static int sized(List<Claim> claims) {
            int length = 1;
            for (Claim claim : claims) {
                // Lock names are ASCII: a byte for each character.
                length += Short.BYTES + claim.lock().length() + 1;
                length += claim.mode() == Mode.SEMAPHORE ? 2 * Short.BYTES : 0;
            }
            return length;
        }

        private static void put(ByteBuffer out, List<Claim> claims) {
            out.put((byte) claims.size());
            for (Claim claim : claims) {
                put(out, utf8(claim.lock()));
                out.put((byte) claim.mode().code());
                if (claim.mode() == Mode.SEMAPHORE) {
                    out.putShort((short) claim.permits()).putShort((short) claim.limit());
                }
            }
        }

        private static void put(ByteBuffer out, byte[] text) {
            out.putShort((short) text.length).put(text);
        }
    }

    private static final class Decoder {

        private final ByteBuffer in;

        Decoder(ByteBuffer in) {
            this.in = in;
        }

        Command command() {
            int version = u8("version");
            if (version != VERSION) {
                throw new CommandFormatException(
                        "command of version " + version + ", this release knows " + VERSION + ": upgrade this server");
            }
            int kind = u8("kind");
            long at = i64("atMillis");
            return switch (kind) {
                case Kind.OPEN_SESSION ->
                    new Command.OpenSession(
                            id(),
                            i64("ttl"),
                            text("name", 4 * Limits.SESSION_NAME_CHARS),
                            metadata(),
                            i64("lockDelay"),
                            at);
                case Kind.CLOSE_SESSION -> new Command.CloseSession(i64("session"), at);
                case Kind.EXPIRE_SESSIONS -> new Command.ExpireSessions(sessions(), at);
                case Kind.ACQUIRE -> new Command.Acquire(id(), i64("session"), claims(), i64("wait"), metadata(), at);
                case Kind.ACQUIRE_ALONE ->
                    new Command.AcquireAlone(
                            id(),
                            claims(),
                            i64("ttl"),
                            i64("wait"),
                            text("name", 4 * Limits.SESSION_NAME_CHARS),
                            metadata(),
                            at);
                case Kind.RELEASE -> new Command.Release(id(), i64("token"), at);
                case Kind.CHANGE_MODE -> new Command.ChangeMode(id(), i64("token"), mode(), at);
                case Kind.TRANSFER -> new Command.Transfer(id(), i64("token"), id(), i64("drain"), at);
                case Kind.BREAK ->
                    new Command.Break(lock(), id(), i64("token"), reason("by"), reason("reason"), i64("after"), at);
                case Kind.EXPIRE_DELAYS -> new Command.ExpireDelays(delays(), at);
                case Kind.EXPIRE_YIELDS -> new Command.ExpireYields(tickets(), at);
                case Kind.EXPIRE_BREAKS -> new Command.ExpireBreaks(tickets(), at);
                case Kind.EXPIRE_WAITS -> new Command.ExpireWaits(tickets(), at);
                default ->
                    throw new CommandFormatException(
                            "command of kind " + kind + " is not known to this release: upgrade this server");
            };
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
}
