package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Zxid;

/**
 * Learner to leader: promised, and this is my history. Sent only when the promise is durable (protocol.md#p3).
 *
 * @param epoch the epoch promised
 * @param currentEpoch epoch whose history the learner adopted last
 * @param lastZxid its last durable transaction
 * @param chainHash its chain hash at {@code lastZxid}
 */
public record AckEpoch(long epoch, long currentEpoch, Zxid lastZxid, long chainHash) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onAckEpoch(from, this);
    }
}
