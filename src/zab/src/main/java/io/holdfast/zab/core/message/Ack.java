package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Zxid;

/**
 * Learner to leader, cumulative: everything up to here is durable (protocol.md#p7).
 *
 * @param epoch the leader's epoch
 * @param durable last durable transaction
 */
public record Ack(long epoch, Zxid durable) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onAck(from, this);
    }
}
