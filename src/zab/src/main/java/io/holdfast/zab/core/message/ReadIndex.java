package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;

/**
 * Learner to leader: which commit must I have applied to answer a linearizable read that came in before now?
 *
 * @param readId unique for each attempt (etcd #20418)
 */
public record ReadIndex(long readId) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onReadIndex(from, this);
    }
}
