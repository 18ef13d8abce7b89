package io.holdfast.zab.node;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.StateDigest;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zab;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.log.NoRoomException;
import io.holdfast.zab.net.Workers;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The live state machine and, in order, what is to be done with it. What the core asks for inside one of its calls is
 * done after that call; while another state is being loaded, everything waits. Used on the node's context.
 *
 * @param <S> the replicated state machine
 */
final class LiveState<S extends StateMachine> {

    /** How the loading of a state ends; called on the node's context. */
    interface Restoring {

        /**
         * It is there and has that many bytes; {@code replace} takes it into use, and {@link #drain} goes on with it.
         */
        void loaded(long stateBytes, Runnable replace);

        /** It is damaged, or the disk failed. */
        void failed(Throwable cause);
    }

    /** What may wait while a state is loaded before no more is read from peers. */
    private static final int BUSY_STEPS = 100_000;

    private static final long BUSY_BYTES = 64L << 20;

    /** How long one turn of the node may apply transactions while others wait. */
    private static final long TURN_NANOS = 20_000_000;

    private static final int STEPS_BETWEEN_LOOKS = 64;

    private static final long IN_STEP = Long.MAX_VALUE;

    private final ServerId self;
    private final StateFiles<S> files;
    private final SnapshotTaker<S> snapshots;
    private final Asks<S> asks;
    private final NodeListener<S> listener;
    private final Workers workers;
    private final Incidents incidents;
    private final Queue<Runnable> steps = new ArrayDeque<>();
    private Consumer<StateDigest> digests = digest -> {};
    private S state;
    private long waitingBytes;
    private boolean loading;
    private boolean draining;

    /** Whether {@link #goOn} was asked for. */
    private boolean goesOn;

    /** Last transaction that the state has. */
    private Zxid applied = Zxid.ZERO;

    /** When the state began to lag behind what was delivered; {@link #IN_STEP} while it has all of it. */
    private long behindSince = IN_STEP;

    LiveState(
            NodeParts<S> parts,
            Workers workers,
            S state,
            StateFiles<S> files,
            SnapshotTaker<S> snapshots,
            Asks<S> asks) {
        this.self = parts.config().self();
        this.listener = parts.listener();
        this.incidents = new Incidents(self, parts.metrics());
        this.workers = workers;
        this.state = state;
        this.files = files;
        this.snapshots = snapshots;
        this.asks = asks;
    }

    /** Has {@code taken} told of the state's digests, so that they are compared with those of others. */
    void onDigest(Consumer<StateDigest> taken) {
        digests = taken;
    }

    /** Returns whether so much waits that no more should be read from peers. */
    boolean isBusy() {
        return loading && (steps.size() > BUSY_STEPS || waitingBytes > BUSY_BYTES);
    }

    /** Applies a committed transaction, in its turn. */
    void deliver(Txn txn) {
        waitingBytes += txn.weight();
        steps.add(() -> apply(txn));
    }

    /** Does something with the state, in its turn. */
    void then(Consumer<? super S> step) {
        steps.add(() -> step.accept(state));
    }

    /** Gives a note of some server to the listener, in its turn. */
    void touched(ServerId from, Payload note) {
        steps.add(() -> incidents.guard("touched", () -> listener.touched(from, note)));
    }

    /** Replaces the state by that of a snapshot, in its turn. */
    void restore(Zxid at, Restoring restoring) {
        steps.add(() -> load(at, restoring));
    }

    void takeSnapshot(Position at, Configuration configuration, SnapshotTaker.Outcome outcome) {
        steps.add(() -> snapshots.take(at, configuration, state.digest(), outcome));
    }

    /** Returns the reason with which a node ends that has no room for a snapshot. */
    IllegalStateException exhausted(NoRoomException cause) {
        return snapshots.exhausted(cause);
    }

    /** Tells the listener of the state with which the node starts. */
    void begin(Zxid at) {
        applied = at;
        listener.restored(state, at);
    }

    /**
     * Returns what the core says of itself as it holds for the state, which may lag behind what the core delivered: it
     * has not applied more, and what a leader said since then it does not have.
     */
    Zab.Status asOfState(Zab.Status core) {
        return behindSince == IN_STEP
                ? core
                : new Zab.Status(
                        core.role(),
                        core.phase(),
                        core.epoch(),
                        core.leader(),
                        core.lastLogged(),
                        core.lastDurable(),
                        core.lastCommitted(),
                        applied,
                        core.outstanding(),
                        Math.min(core.leaderHeardAt(), behindSince),
                        core.quorum(),
                        core.settled(),
                        core.disk(),
                        core.members(),
                        core.differing());
    }

    /**
     * Does what waits, unless a state is being loaded; a long log that is applied at a start in several turns, so that
     * heartbeats go out meanwhile.
     *
     * @return whether the caller is to call {@link #goOn} in a later turn
     */
    boolean drain() {
        // The rest of a long turn waits for the later one that was asked for, whatever events come before it: one read
        // of a socket has many messages, and each of them would take a turn's time.
        if (draining || goesOn) {
            return false;
        }
        draining = true;
        long begin = System.nanoTime();
        try {
            int done = 0;
            for (Runnable step = next(); step != null; step = next()) {
                step.run();
                if (++done % STEPS_BETWEEN_LOOKS == 0 && System.nanoTime() - begin > TURN_NANOS) {
                    boolean first = !goesOn;
                    goesOn = true;
                    return first;
                }
            }
            return false;
        } finally {
            draining = false;
            if (!loading && steps.isEmpty()) {
                behindSince = IN_STEP;
            } else if (behindSince == IN_STEP) {
                behindSince = begin;
            }
        }
    }

    /** The later turn has come; {@link #drain} follows. */
    void goOn() {
        goesOn = false;
    }

    private @Nullable Runnable next() {
        return loading ? null : steps.poll();
    }

    private void apply(Txn txn) {
        waitingBytes -= txn.weight();
        Object result = StateFiles.apply(state, txn);
        applied = txn.zxid();
        snapshots.applied(txn);
        if (StateDigest.isTakenAt(txn.zxid())) {
            digests.accept(new StateDigest(txn.zxid(), state.digest()));
        }
        if (txn.type() == TxnType.COMMAND) {
            incidents.guard("applied", () -> listener.applied(txn.zxid(), txn, result));
        } else if (txn.type() == TxnType.CONFIGURATION) {
            Configuration configuration = ConfigurationCodec.of(txn.payload());
            incidents.guard("reconfigured", () -> listener.reconfigured(txn.zxid(), configuration));
        }
        if (txn.origin().server().equals(self)) {
            asks.answer(txn.origin().requestId(), state, result);
        }
    }

    private void load(Zxid at, Restoring restoring) {
        loading = true;
        workers.run(() -> files.load(at))
                .onSuccess(next -> restoring.loaded(next.bytes(), () -> {
                    loading = false;
                    state = next.state();
                    applied = at;
                    snapshots.restored(at);
                    listener.restored(state, at);
                }))
                .onFailure(restoring::failed);
    }
}
