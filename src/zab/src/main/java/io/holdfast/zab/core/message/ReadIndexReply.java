package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Zxid;

/**
 * Leader to learner, after a quorum round that began when the question was there.
 *
 * @param readId as in {@link ReadIndex}
 * @param index the commit watermark when the question arrived
 */
public record ReadIndexReply(long readId, Zxid index) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onReadIndexReply(from, this);
    }
}
