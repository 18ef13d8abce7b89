package io.holdfast.zab.node;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.log.SnapshotStore;
import io.holdfast.zab.log.SnapshotWriter;
import io.holdfast.zab.log.StoredSnapshot;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns snapshots into state machines and back. Blocks: called on worker threads.
 *
 * @param <S> the replicated state machine
 */
final class StateFiles<S extends StateMachine> {

    private static final int BUFFER_BYTES = 64 << 10;

    /** A state, and how many bytes it has in its snapshot. */
    record Loaded<S>(S state, long bytes) {}

    private final SnapshotStore store;
    private final StateMachineFactory<S> factory;
    private final LogPace pace;

    StateFiles(SnapshotStore store, StateMachineFactory<S> factory, LogPace pace) {
        this.store = store;
        this.factory = factory;
        this.pace = pace;
    }

    /**
     * Reads the state as of {@code at}, and checks it against the digest that was written with it.
     *
     * @param at a snapshot in the store; {@link Zxid#ZERO} for the empty state
     * @throws IOException when the snapshot is damaged or the disk fails
     */
    Loaded<S> load(Zxid at) throws IOException {
        if (at.equals(Zxid.ZERO)) {
            return new Loaded<>(factory.empty(Configuration.FIRST_LEVEL), 0);
        }
        StoredSnapshot stored = storedAt(at);
        try (InputStream in = new BufferedInputStream(store.open(at), BUFFER_BYTES)) {
            S state = factory.read(in);
            if (in.read() >= 0) {
                throw new IOException("the snapshot at " + at + " has more than the state that was read from it");
            }
            checkDigest(state, stored.stateDigest(), "the snapshot at " + at);
            return new Loaded<>(state, stored.stateBytes());
        }
    }

    /**
     * Makes the snapshot at {@code at} of an older one and the transactions since.
     *
     * @param base where the older one is; {@link Zxid#ZERO} for the empty state
     * @param since all transactions after {@code base} up to {@code at}
     * @param digest of the live state at {@code at}
     * @throws StateDivergedException when the two ways to the same zxid led to different states
     */
    StoredSnapshot write(Zxid base, List<Txn> since, Position at, Configuration configuration, long digest)
            throws IOException {
        Loaded<S> older = load(base);
        S state = older.state();
        long bytes = older.bytes();
        for (Txn txn : since) {
            bytes += txn.weight();
            apply(state, txn);
        }
        checkDigest(state, digest, "the state made from the log up to " + at.zxid());
        pace.begins(System.nanoTime());
        try (SnapshotWriter writer = store.begin(at, configuration, bytes, pace)) {
            OutputStream out = new BufferedOutputStream(writer, BUFFER_BYTES);
            state.writeSnapshot(out);
            out.flush();
            return writer.finish(digest);
        } finally {
            pace.ends();
        }
    }

    /**
     * Applies a committed transaction: the one way in which the live state and the state of a snapshot change.
     *
     * @return what the client of a command gets
     */
    static @Nullable Object apply(StateMachine state, Txn txn) {
        if (txn.type() == TxnType.COMMAND) {
            return state.apply(txn.zxid(), txn.payload());
        }
        if (txn.type() == TxnType.CONFIGURATION) {
            state.reconfigured(txn.zxid(), ConfigurationCodec.of(txn.payload()).level());
        }
        return null;
    }

    private StoredSnapshot storedAt(Zxid at) throws IOException {
        for (StoredSnapshot stored : store.list()) {
            if (stored.at().zxid().equals(at)) {
                return stored;
            }
        }
        throw new IOException("the snapshot at " + at + " is not in the data directory any more");
    }

    private static void checkDigest(StateMachine state, long expected, String what) {
        long digest = state.digest();
        if (digest != expected) {
            throw new StateDivergedException(String.format(
                    "%s has digest %016x where %016x is expected: two ways to one zxid led to different states;"
                            + " keep this server's data directory for analysis",
                    what, digest, expected));
        }
    }
}
