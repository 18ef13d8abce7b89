package io.holdfast.zab.node;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.log.NoRoomException;
import io.holdfast.zab.net.Workers;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Makes snapshots beside the live state: of the last snapshot and the transactions delivered since, on a worker thread,
 * so that the node's context never waits for one. Used on the node's context.
 *
 * @param <S> the replicated state machine
 */
final class SnapshotTaker<S extends StateMachine> {

    private static final Logger LOG = Logger.getLogger(ZabNode.class);

    /** How it ended; called on the node's context. */
    interface Outcome {

        /** It is durable and was read back; its state has that many bytes. */
        void taken(long stateBytes);

        /** The disk has no room for it. */
        void noRoom(NoRoomException cause);

        /** The disk failed, or the state is not what the log says. */
        void failed(Throwable cause);
    }

    private final StateFiles<S> files;
    private final Workers workers;
    private final NodeMetrics metrics;

    private Zxid base;
    /** What was delivered after {@code base}, in order, without a gap; the core delivers no more than may be kept. */
    private List<Txn> since = new ArrayList<>();

    private boolean taking;
    private Future<?> running = Future.succeededFuture();

    SnapshotTaker(StateFiles<S> files, Workers workers, NodeMetrics metrics, Zxid base) {
        this.files = files;
        this.workers = workers;
        this.metrics = metrics;
        this.base = base;
    }

    /** The live state goes on from another snapshot. */
    void restored(Zxid at) {
        base = at;
        since = new ArrayList<>();
    }

    /** A transaction was applied to the live state. */
    void applied(Txn txn) {
        since.add(txn);
    }

    /** Returns the reason with which a node ends that can keep no more of what was applied since the last snapshot. */
    IllegalStateException exhausted(NoRoomException cause) {
        return new IllegalStateException(
                "no snapshot could be made since " + base + " and " + since.size()
                        + " transactions wait for one; make room in the data directory and start again: "
                        + cause.getMessage(),
                cause);
    }

    /** Completes when no snapshot is being written. */
    Future<?> idle() {
        return running;
    }

    /**
     * Makes a snapshot of what was applied so far; one at a time.
     *
     * @param digest of the live state now
     */
    void take(Position at, Configuration configuration, long digest, Outcome outcome) {
        if (taking) {
            throw new IllegalStateException("two snapshots at once, the second at " + at.zxid());
        }
        taking = true;
        Zxid from = base;
        List<Txn> source = since;
        List<Txn> txns = List.copyOf(source);
        long begun = System.nanoTime();
        running = workers.run(() -> files.write(from, txns, at, configuration, digest))
                .onSuccess(stored -> {
                    taking = false;
                    rebase(source, at.zxid(), txns.size());
                    metrics.snapshotTaken(txns.size(), System.nanoTime() - begun);
                    LOG.infof("snapshot at %s, %d transactions after the one before", at.zxid(), txns.size());
                    outcome.taken(stored.stateBytes());
                })
                .onFailure(e -> {
                    taking = false;
                    if (e instanceof NoRoomException full) {
                        metrics.snapshotFailed();
                        LOG.errorf("no snapshot at %s: %s", at.zxid(), e.getMessage());
                        outcome.noRoom(full);
                    } else {
                        outcome.failed(e);
                    }
                });
    }

    /** The next snapshot starts from this one, unless a leader sent another meanwhile. */
    private void rebase(List<Txn> source, Zxid at, int txns) {
        if (since == source) {
            base = at;
            since = new ArrayList<>(since.subList(txns, since.size()));
        }
    }
}
