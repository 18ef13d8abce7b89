package io.holdfast.zab.node;

import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.Zab;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Function;

/**
 * One member of an ensemble: its protocol core, its log, its links to the others and its copy of the state machine.
 *
 * <p>All methods may be called on any thread unless they say otherwise, and none blocks. A future is completed on the
 * Vert.x context from which the method was called; on the node's context when there was none. After {@link #close} or
 * {@link NodeListener#failed} requests fail with {@link RequestFailure#OUTCOME_UNKNOWN} when they were outstanding and
 * with {@link RequestFailure#NO_LEADER} when they are new.
 *
 * @param <S> the replicated state machine
 */
public interface ZabNode<S extends StateMachine> {

    /**
     * Recovers the data directory, opens the peer port and joins the ensemble. The future completes when the peer port
     * listens and the state of the last snapshot is there; a leader may be found later.
     *
     * @return fails when the directory is damaged, in use or of another ensemble, and when the port cannot be opened
     */
    static <S extends StateMachine> Future<ZabNode<S>> start(
            Vertx vertx,
            NodeConfig config,
            StateMachineFactory<S> factory,
            NodeListener<S> listener,
            NodeMetrics metrics) {
        return Future.failedFuture(new UnsupportedOperationException("only the interface of ZabNode is there yet"));
    }

    /**
     * Asks for a transaction; requests of one thread are proposed in its order as long as the leader stays.
     *
     * @return what {@link StateMachine#apply} returned on this node; fails with {@link RequestFailedException}
     */
    Future<Object> submit(Payload payload);

    /**
     * Proposes if this node leads epoch {@code epoch} in broadcast; never forwards (zab.md 2.12, T6). Its result comes
     * to {@link NodeListener#applied} only. To be called on the node's context.
     *
     * @return whether it was proposed
     * @throws IllegalStateException on another thread
     */
    boolean propose(long epoch, Payload payload);

    /** Waits until this node's state has all that was committed anywhere before the call. */
    Future<Void> readIndex();

    /**
     * A linearizable read: {@link #readIndex}, then {@code query} on the node's context.
     *
     * @param query must not block, change the state, or keep a reference to anything mutable in it
     */
    <T> Future<T> readLatest(Function<? super S, ? extends T> query);

    /** Reads this node's state as it is, on the node's context; the bounds of {@link #readLatest} hold. */
    <T> Future<T> read(Function<? super S, ? extends T> query);

    /** Gives a note to the lease clock of the leader; completes when a quorum round confirmed it (zab.md 2.12, T2). */
    Future<Void> touch(Payload note);

    /** Returns what this node is and knows; at most a loop turn old. Never blocks, not even while the node is busy. */
    Zab.Status status();

    /** Returns how many requests, reads and touches of this node's clients have no answer yet. */
    int pending();

    /** Returns the port on which peers reach this node. */
    int peerPort();

    /**
     * Returns the context on which the core, the state machine and the listener run, for timers and for
     * {@link #propose}.
     */
    Context context();

    /**
     * Leaves the ensemble: ends all links, flushes and closes the log. Completes when the data directory is free again.
     */
    Future<Void> close();
}
