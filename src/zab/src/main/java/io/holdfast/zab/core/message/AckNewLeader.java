package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Zxid;

/**
 * Learner to leader: history and epoch are adopted. Sent only when both are durable (protocol.md#p4). Acknowledges all
 * up to {@code cut}.
 *
 * @param epoch the leader's epoch
 * @param cut as in {@link NewLeader}
 */
public record AckNewLeader(long epoch, Zxid cut) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onAckNewLeader(from, this);
    }
}
