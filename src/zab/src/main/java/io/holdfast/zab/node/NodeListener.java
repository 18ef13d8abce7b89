package io.holdfast.zab.node;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;
import org.jspecify.annotations.Nullable;

/**
 * Hears what happens in a node, in order, on the node's context; it must not block. It may call every method of
 * {@link ZabNode}.
 *
 * <p>An exception out of {@link #restored} or {@link #became}, as out of the state machine, stops the node: the
 * listener would go on with another state, or without its duties as a leader. One out of {@link #applied},
 * {@link #reconfigured} or {@link #touched} is logged and counted, and the node goes on.
 *
 * @param <S> the replicated state machine
 */
public interface NodeListener<S extends StateMachine> {

    /**
     * A command was applied, whichever server requested it. Called before a client of this node that waits for it gets
     * its answer, so that no answer overtakes the events that led to it (protocol.md#events).
     *
     * @param zxid {@code txn.zxid()}
     * @param txn the transaction; its origin names the server and the request
     * @param result what {@link StateMachine#apply} returned
     */
    void applied(Zxid zxid, Txn txn, @Nullable Object result);

    /**
     * A configuration was delivered: it is in force from here on (protocol.md#reconfiguration). In order with
     * {@link #applied}, and again when the log is replayed.
     */
    void reconfigured(Zxid zxid, Configuration configuration);

    /**
     * The whole state was replaced: at start, and when a leader sent a snapshot. Comes before the first
     * {@link #applied}.
     *
     * @param stateMachine the live instance from now on
     * @param zxid last transaction in it
     */
    void restored(S stateMachine, Zxid zxid);

    /**
     * This node leads and received a note for its lease clock (protocol.md#t2); set the deadline now, the answer
     * follows.
     */
    void touched(ServerId from, Payload note);

    /**
     * Role, phase, epoch or leader changed. Work of a leader begins with {@code LEADING, BROADCAST} and ends with the
     * next call.
     *
     * @param leader who leads; null while looking
     */
    void became(Role role, Phase phase, long epoch, @Nullable ServerId leader, String reason);

    /**
     * The node stopped for good: its disk failed, its state is not what its log says, or an invariant broke. It is
     * silent from now on, heartbeats included, and the process must end. Called once.
     */
    void failed(Throwable cause);
}
