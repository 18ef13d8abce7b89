package io.holdfast.simulator.world;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Command;
import io.holdfast.lock.CommandCodec;
import io.holdfast.lock.LockTable;
import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.StateDigest;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.log.NoRoomException;
import io.holdfast.zab.log.SnapshotStore;
import io.holdfast.zab.log.SnapshotWriter;
import io.holdfast.zab.log.StoredSnapshot;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The live lock table and, in order, what is to be done with it, as a node has it; and its snapshots, made beside it
 * from the last one and the transactions since.
 */
final class LiveTable {

    /** Of the distance between two snapshots, what may wait for the next. */
    private static final long BACKLOG_DISTANCES = 4;

    private record Snapshot(Zxid base, List<Txn> since, Position at, Configuration configuration, long digest) {}

    private final ServerProcess process;
    private final SnapshotStore store;
    private final Queue<Runnable> steps = new ArrayDeque<>();
    private LockTable table;
    private Zxid base;
    private List<Txn> since = new ArrayList<>();
    private @Nullable Snapshot taking;
    private long stateBytes;

    /** By these was bounded what was applied while the newest snapshot was made, and the state may have shrunk. */
    private long stateBytesBefore;

    private boolean loading;
    private boolean draining;

    LiveTable(ServerProcess process, SnapshotStore store, LockTable table, Zxid base) {
        this.process = process;
        this.store = store;
        this.table = table;
        this.base = base;
    }

    LockTable table() {
        return table;
    }

    /**
     * Returns a command as it is written at the level in force here; null for one that this level does not know: the
     * state of a server that has just come may be far behind its ensemble, and its door refuses what it cannot say.
     */
    @Nullable
    Payload payload(Command command) {
        int level = table.rules().level();
        try {
            return Payload.of(CommandCodec.encode(command, level));
        } catch (IllegalArgumentException e) {
            if (level == Configuration.NEWEST_LEVEL) {
                throw e;
            }
            return null;
        }
    }

    /** Does something with the table, in its turn. */
    void then(Consumer<LockTable> step) {
        steps.add(() -> step.accept(table));
    }

    void deliver(Txn txn) {
        steps.add(() -> apply(txn));
    }

    /** Does what waits, unless another state is being loaded. */
    void drain() {
        if (draining) {
            return;
        }
        draining = true;
        try {
            while (!loading && !steps.isEmpty() && !process.isDead()) {
                steps.remove().run();
            }
        } finally {
            draining = false;
        }
    }

    private void apply(Txn txn) {
        Applied applied = applyTo(table, txn);
        since.add(txn);
        requireBoundedBacklog();
        if (StateDigest.isTakenAt(txn.zxid())) {
            process.core().digest(new StateDigest(txn.zxid(), table.digest()));
        }
        process.applied(txn, applied);
    }

    /** What waits in memory for the next snapshot is bounded, however slow the disk is. */
    private void requireBoundedBacklog() {
        ZabConfig zab = process.node().zab();
        long most = BACKLOG_DISTANCES * zab.snapshotTxns() + zab.outstandingTxnsMax();
        if (since.size() > most
                && since.stream().mapToLong(Txn::weight).sum()
                        > Math.max(stateBytes, stateBytesBefore) + most * Txn.OVERHEAD_BYTES) {
            throw process.node()
                    .world()
                    .violation(
                            "I-BACKLOG",
                            process.name() + " keeps " + since.size() + " transactions since its snapshot at " + base);
        }
    }

    /** Returns null for what is no command. */
    private static @Nullable Applied applyTo(LockTable table, Txn txn) {
        if (txn.type() == TxnType.CONFIGURATION) {
            table.reconfigured(ConfigurationCodec.of(txn.payload()).level());
        }
        return txn.type() != TxnType.COMMAND
                ? null
                : table.apply(
                        txn.zxid().packed(), CommandCodec.decode(txn.payload().buffer()));
    }

    // ---- snapshots ----

    /** The newest snapshot has that many bytes. */
    void tellBytes(long bytes) {
        stateBytesBefore = stateBytes;
        stateBytes = bytes;
        process.core().stateBytes(bytes);
    }

    void restore(Zxid at) {
        steps.add(() -> {
            loading = true;
            process.later(process.node().diskNanos(), () -> load(at));
        });
    }

    private void load(Zxid at) {
        try {
            LockTable loaded = read(store, at, Configuration.FIRST_LEVEL);
            long bytes = stored(store, at).stateBytes();
            process.event(() -> {
                loading = false;
                tellBytes(bytes);
                table = loaded;
                base = at;
                since = new ArrayList<>();
                process.restored(at);
            });
        } catch (IOException e) {
            process.fail(e);
        }
    }

    /**
     * Reads the state of a snapshot.
     *
     * @param first level by whose rules an empty state begins
     */
    static LockTable read(SnapshotStore store, Zxid at, int first) throws IOException {
        if (at.equals(Zxid.ZERO)) {
            return new LockTable(first);
        }
        try (InputStream in = new BufferedInputStream(store.open(at), 1024)) {
            LockTable read = LockTable.read(in);
            if (in.read() >= 0 || read.digest() != stored(store, at).stateDigest()) {
                throw new IOException("the snapshot at " + at + " is not the state that was written");
            }
            return read;
        }
    }

    private static StoredSnapshot stored(SnapshotStore store, Zxid at) throws IOException {
        for (StoredSnapshot stored : store.list()) {
            if (stored.at().zxid().equals(at)) {
                return stored;
            }
        }
        throw new IOException("the snapshot at " + at + " is not in the directory any more");
    }

    void takeSnapshot(Position at, Configuration configuration) {
        steps.add(() -> {
            Snapshot begun = new Snapshot(base, List.copyOf(since), at, configuration, table.digest());
            List<Txn> source = since;
            taking = begun;
            process.later(process.node().diskNanos(), () -> complete(begun, source));
        });
    }

    private void complete(Snapshot snapshot, List<Txn> source) {
        taking = null;
        try {
            StoredSnapshot stored = write(snapshot);
            if (since == source) {
                base = snapshot.at().zxid();
                since = new ArrayList<>(since.subList(snapshot.since().size(), since.size()));
            }
            process.event(() -> {
                tellBytes(stored.stateBytes());
                process.core().snapshotTaken(process.now(), snapshot.at());
            });
        } catch (NoRoomException e) {
            process.event(() -> {
                if (!process.core().snapshotFailed(process.now(), snapshot.at().zxid())) {
                    process.fail(e);
                }
            });
        } catch (IOException e) {
            process.fail(e);
        }
    }

    private StoredSnapshot write(Snapshot snapshot) throws IOException {
        LockTable state = read(store, snapshot.base(), Configuration.FIRST_LEVEL);
        for (Txn txn : snapshot.since()) {
            applyTo(state, txn);
        }
        if (state.digest() != snapshot.digest()) {
            throw process.node()
                    .world()
                    .violation("I-HASH", "the snapshot at " + snapshot.at() + " has another state than the live table");
        }
        try (SnapshotWriter writer = store.begin(snapshot.at(), snapshot.configuration(), 1000)) {
            OutputStream out = new BufferedOutputStream(writer, 1024);
            state.write(out);
            out.flush();
            return writer.finish(snapshot.digest());
        }
    }

    /** The process dies: the snapshot that was being written got as far as the disk lets it. */
    void die() {
        Snapshot under = taking;
        if (under != null) {
            try {
                write(under);
            } catch (IOException e) {
                process.node()
                        .note(
                                "died while it wrote the snapshot at %s",
                                under.at().zxid());
            }
        }
    }
}
