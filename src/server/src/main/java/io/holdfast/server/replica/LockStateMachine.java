package io.holdfast.server.replica;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Carried;
import io.holdfast.lock.Command;
import io.holdfast.lock.CommandCodec;
import io.holdfast.lock.CommandFormatException;
import io.holdfast.lock.CommandVersionException;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.acl.Acl;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.node.PayloadOrigin;
import io.holdfast.zab.node.StateMachine;
import io.holdfast.zab.node.StateMachineFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is replicated, as the replication layer sees it: the lock table, which turns commands into {@link Applied}, and
 * beside it how far its changes were published, of which the table knows nothing.
 */
public final class LockStateMachine implements StateMachine {

    /** As {@link #factory}, where no rules are enforced. */
    public static final StateMachineFactory<LockStateMachine> FACTORY = factory(() -> Acl.NONE);

    /**
     * Makes tables of any level that this release knows, and knows what may be proposed at each.
     *
     * @param rules that this server has applied
     */
    static StateMachineFactory<LockStateMachine> factory(Supplier<Acl> rules) {
        return new Factory(rules);
    }

    private record Factory(Supplier<Acl> rules) implements StateMachineFactory<LockStateMachine> {
        @Override
        public LockStateMachine empty(int level) {
            return new LockStateMachine(new LockTable(level), 0, 0);
        }

        @Override
        public @Nullable String screen(Payload payload, PayloadOrigin origin, int level) {
            boolean own = origin == PayloadOrigin.OWN;
            if (PublishedUpTo.is(payload)) {
                return own ? PublishedUpTo.problem(payload) : "only a leader says how far it published";
            }
            if (own) {
                return CommandCodec.problemOfOwn(payload.buffer(), level);
            }
            String problem = CommandCodec.problemOfPeers(payload.buffer(), level);
            Acl acl = rules.get();
            if (problem != null || origin != PayloadOrigin.OBSERVER || !acl.isEnforced()) {
                return problem;
            }
            return Carried.objection(acl, CommandCodec.decode(payload.buffer()));
        }

        @Override
        public @Nullable String screenNote(Payload note, PayloadOrigin origin, int level) {
            String problem = TouchNote.problem(note);
            return problem == null && origin == PayloadOrigin.OBSERVER ? Carried.keepalive(rules.get()) : problem;
        }

        @Override
        public @Nullable String screenAdministration(PayloadOrigin origin) {
            return origin == PayloadOrigin.OBSERVER ? Carried.administration(rules.get()) : null;
        }

        @Override
        public LockStateMachine read(InputStream in) throws IOException {
            LockTable table = LockTable.read(in);
            byte[] rest = in.readNBytes(2 * Long.BYTES);
            if (rest.length < 2 * Long.BYTES) {
                throw new IOException("the snapshot ends inside the position of the publisher");
            }
            ByteBuffer position = ByteBuffer.wrap(rest);
            return new LockStateMachine(table, position.getLong(), position.getLong());
        }
    }

    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    private final LockTable table;

    /** Everything up to here was published; 0 when nothing ever was. */
    private long published;

    /** The last command of the table, or configuration: what there is to publish. */
    private long lastCommand;

    private LockStateMachine(LockTable table, long published, long lastCommand) {
        this.table = table;
        this.published = published;
        this.lastCommand = lastCommand;
    }

    /** Returns the table; nobody else changes it. */
    public LockTable table() {
        return table;
    }

    /** Returns the revision up to which everything was published; 0 when nothing ever was. */
    long published() {
        return published;
    }

    /**
     * Goes on as another generation of the ensemble: what is there stays, and everything that is numbered from now on
     * has higher numbers. Only before the state is replicated.
     */
    public void beginGeneration(Zxid at, long tokensAbove) {
        table.advance(at.packed());
        table.giveTokensAbove(tokensAbove);
    }

    @Override
    public Object apply(Zxid zxid, Payload payload) {
        if (PublishedUpTo.is(payload)) {
            String problem = PublishedUpTo.problem(payload);
            if (problem != null) {
                return table.passOver(zxid.packed(), problem);
            }
            PublishedUpTo position = PublishedUpTo.decode(payload);
            table.advance(zxid.packed());
            // Nothing happened since, so there is nothing before this transaction that was not published.
            long upTo = position.revision() >= lastCommand ? zxid.packed() : position.revision();
            published = Math.max(published, upTo);
            return position;
        }
        lastCommand = zxid.packed();
        Command command;
        try {
            command = CommandCodec.decode(payload.buffer());
        } catch (CommandVersionException e) {
            // Only a newer release knows what the others made of it.
            throw e;
        } catch (CommandFormatException e) {
            return table.passOver(zxid.packed(), String.valueOf(e.getMessage()));
        }
        return table.apply(zxid.packed(), command);
    }

    @Override
    public void reconfigured(Zxid zxid, int level) {
        lastCommand = zxid.packed();
        table.reconfigured(level);
    }

    @Override
    public void writeSnapshot(OutputStream out) throws IOException {
        table.write(out);
        out.write(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(published)
                .putLong(lastCommand)
                .array());
    }

    @Override
    public long digest() {
        return table.digest() + published * GOLDEN;
    }
}
