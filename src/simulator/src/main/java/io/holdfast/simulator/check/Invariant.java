package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Change;
import io.holdfast.lock.Command;
import io.holdfast.lock.LockTable;
import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zab;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.ReplicationMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One statement that holds whatever fails; it hears of everything and throws a {@link Violation} when it is broken.
 *
 * <p>Each is told after {@link Knowledge} has taken the same event in. Times are true time in nanoseconds.
 */
public abstract class Invariant {

    private final String id;
    protected final Knowledge known;

    protected Invariant(String id, Knowledge known) {
        this.id = id;
        this.known = known;
    }

    /** A server changed its role, phase or epoch. */
    public void became(ServerId at, Role role, Phase phase, long epoch) {}

    /** A server gave a record to its log. */
    public void appended(ServerId at, LogRecord record) {}

    /** The disk of a server has a record for good. */
    public void durable(ServerId at, LogRecord record) {}

    /** A server read its disk. */
    public void recovered(ServerId at, Recovered recovered) {}

    /** A server sent a message. */
    public void sent(ServerId from, ServerId to, ReplicationMessage message) {}

    /** A message reached the core of a server. */
    public void received(ServerId at, ServerId from, ReplicationMessage message) {}

    /** A server applied a committed transaction; {@code table} is its state after it. */
    public void delivered(ServerId at, Txn txn, Applied applied, LockTable table) {}

    /** A server replaced its state by that of a snapshot. */
    public void restored(ServerId at, Zxid zxid, LockTable table) {}

    /** The first server applied a transaction with a command; {@link Knowledge#book} shows the locks before it. */
    public void begins(Txn txn, Command command, Applied applied) {}

    /** One of its changes, while the book shows what was before that change. */
    public void change(Txn txn, Change change) {}

    /** The first server applied a transaction; told once for each, when the book has all its changes. */
    public void committed(Txn txn, Applied applied) {}

    /** An event ended at a server. */
    public void after(ServerId at, Zab.Status status) {}

    /** A server told a client that its session lives. */
    public void confirmed(Confirmation confirmation) {}

    /** A server said that a change to this configuration was made, for good. */
    public void settled(Configuration configuration) {}

    /** A client began or ended an operation, see {@link Operation#isOver}. */
    public void operation(Operation operation) {}

    /** A client acts in the belief that it holds a lock. */
    public void used(LockUse use) {}

    /** A reader of a stream of changes was told something. */
    public void told(int reader, Told told) {}

    /** Nothing is under way any more, and these states are those of all servers that are well. */
    public void quiet(List<LockTable> tables) {}

    @SuppressWarnings("AnnotateFormatMethod")
    protected final void require(boolean holds, String format, @Nullable Object... arguments) {
        if (!holds) {
            throw new Violation(id, String.format(format, arguments));
        }
    }
}
