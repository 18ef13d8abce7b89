package io.holdfast.lock;

import io.holdfast.lock.acl.AclCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes one command in the version of one level; see {@link CommandCodec}. For one use. */
final class CommandEncoder implements CommandHandler<byte[]> {

    private static final int HEAD = 1 + 1 + Long.BYTES;

    private static final byte[] NONE = {};

    /** Bytes in front of the kind of a command that was judged. */
    private static final int JUDGED = 1 + Long.BYTES;

    private final int version;

    /** Whether the version has none of the fields that were added at the end of kinds. */
    private final boolean isFirst;

    /** Of the rules that the command was judged by; 0 when it was not. */
    private long aclRevision;

    /** That asks for the command, in UTF-8; empty when none does. */
    private byte[] principal = NONE;

    private byte[] bytes = NONE;

    /** Encodes for the level that these rules are of. */
    CommandEncoder(Rules rules) {
        this.version = rules.commandVersion();
        this.isFirst = version == CommandCodec.FIRST_VERSION;
    }

    @Override
    public byte[] onOpenSession(Command.OpenSession c) {
        byte[] key = utf8(c.key());
        byte[] name = utf8(c.name());
        byte[] metadata = utf8(c.metadata());
        ByteBuffer out = head(CommandKind.OPEN_SESSION, c, 2 * Long.BYTES + sized(key) + sized(name) + sized(metadata));
        put(out, key);
        out.putLong(c.ttlMillis());
        put(out, name);
        put(out, metadata);
        out.putLong(c.lockDelayMillis());
        return bytes;
    }

    @Override
    public byte[] onCloseSession(Command.CloseSession c) {
        byte[] by = utf8(c.forcedBy());
        int kind = c.dead() ? CommandKind.CLOSE_DEAD : CommandKind.CLOSE_SESSION;
        ByteBuffer out = head(kind, c, Long.BYTES + (isFirst ? 0 : sized(by)));
        out.putLong(c.session());
        if (!isFirst) {
            put(out, by);
        }
        return bytes;
    }

    @Override
    public byte[] onExpireSessions(Command.ExpireSessions c) {
        int count = c.sessions().size();
        ByteBuffer out = head(CommandKind.EXPIRE_SESSIONS, c, Short.BYTES + count * Long.BYTES);
        out.putShort((short) count);
        c.sessions().forEach(out::putLong);
        return bytes;
    }

    @Override
    public byte[] onAcquire(Command.Acquire c) {
        byte[] grant = utf8(c.grant());
        byte[] metadata = utf8(c.metadata());
        int claims = sized(c.claims());
        ByteBuffer out = head(CommandKind.ACQUIRE, c, claims + 2 * Long.BYTES + sized(grant) + sized(metadata));
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
        ByteBuffer out = head(CommandKind.ACQUIRE_ALONE, c, 2 * Long.BYTES + texts);
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
        ByteBuffer out = head(CommandKind.CHANGE_MODE, c, 1 + Long.BYTES + sized(grant));
        put(out, grant);
        out.putLong(c.token());
        out.put((byte) c.mode().code());
        return bytes;
    }

    @Override
    public byte[] onRelease(Command.Release c) {
        byte[] grant = utf8(c.grant());
        byte[] to = utf8(c.to());
        int added = isFirst ? 0 : sized(to) + Long.BYTES;
        ByteBuffer out = head(CommandKind.RELEASE, c, Long.BYTES + sized(grant) + added);
        put(out, grant);
        out.putLong(c.token());
        if (!isFirst) {
            put(out, to);
            out.putLong(c.closedMillis());
        }
        return bytes;
    }

    @Override
    public byte[] onTransfer(Command.Transfer c) {
        byte[] grant = utf8(c.grant());
        byte[] to = utf8(c.to());
        ByteBuffer out = head(CommandKind.TRANSFER, c, 2 * Long.BYTES + sized(grant) + sized(to));
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
        ByteBuffer out = head(CommandKind.BREAK, c, 2 * Long.BYTES + texts);
        put(out, lock);
        put(out, grant);
        out.putLong(c.token());
        put(out, by);
        put(out, reason);
        out.putLong(c.afterMillis());
        return bytes;
    }

    @Override
    public byte[] onChangeLimit(Command.ChangeLimit c) {
        byte[] lock = utf8(c.lock());
        ByteBuffer out = head(CommandKind.CHANGE_LIMIT, c, Short.BYTES + sized(lock));
        put(out, lock);
        out.putShort((short) c.limit());
        return bytes;
    }

    @Override
    public byte[] onContinueEndings(Command.ContinueEndings c) {
        head(CommandKind.CONTINUE_ENDINGS, c, 0);
        return bytes;
    }

    @Override
    public byte[] onAttach(Command.Attach c) {
        byte[] id = utf8(c.attachId());
        ByteBuffer out = head(CommandKind.ATTACH, c, Long.BYTES + sized(id));
        out.putLong(c.session());
        put(out, id);
        return bytes;
    }

    @Override
    public byte[] onSetStateBytes(Command.SetStateBytes c) {
        head(CommandKind.SET_STATE_BYTES, c, Long.BYTES).putLong(c.bytes());
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
        return numbered(CommandKind.EXPIRE_DELAYS, c, locks, numbers);
    }

    @Override
    public byte[] onExpireYields(Command.ExpireYields c) {
        return tickets(CommandKind.EXPIRE_YIELDS, c, c.items());
    }

    @Override
    public byte[] onExpireBreaks(Command.ExpireBreaks c) {
        return tickets(CommandKind.EXPIRE_BREAKS, c, c.items());
    }

    @Override
    public byte[] onExpireWaits(Command.ExpireWaits c) {
        return tickets(CommandKind.EXPIRE_WAITS, c, c.tickets());
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

    @Override
    public byte[] onChangeAcl(ChangeAcl c) {
        byte[] change = AclCodec.encode(c.change());
        head(CommandKind.CHANGE_ACL, c, Long.BYTES + change.length)
                .putLong(c.base())
                .put(change);
        return bytes;
    }

    @Override
    public byte[] onJudged(Judged c) {
        aclRevision = c.aclRevision();
        return c.command().dispatch(this);
    }

    @Override
    public byte[] onBehalf(OnBehalf c) {
        principal = utf8(c.principal());
        return c.command().dispatch(this);
    }

    private ByteBuffer head(int kind, Command command, int bodyLength) {
        int named = principal.length == 0 ? 0 : 1 + sized(principal);
        bytes = new byte[(aclRevision == 0 ? 0 : JUDGED) + named + HEAD + bodyLength];
        ByteBuffer out = ByteBuffer.wrap(bytes).put((byte) version);
        if (aclRevision != 0) {
            out.put((byte) CommandKind.JUDGED).putLong(aclRevision);
        }
        if (named != 0) {
            out.put((byte) CommandKind.ON_BEHALF);
            put(out, principal);
        }
        return out.put((byte) kind).putLong(command.atMillis());
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
