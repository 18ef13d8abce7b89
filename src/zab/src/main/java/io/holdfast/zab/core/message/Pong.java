package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Zxid;

/**
 * Learner to leader: at the time of this answer the learner had promised no epoch above {@code epoch} (zab.md 2.9).
 *
 * @param epoch the leader's epoch
 * @param round the round it answers
 * @param durable last durable transaction
 * @param committed its commit watermark
 * @param applied last transaction applied
 */
public record Pong(long epoch, long round, Zxid durable, Zxid committed, Zxid applied) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onPong(from, this);
    }
}
