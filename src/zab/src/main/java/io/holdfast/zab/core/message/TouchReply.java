package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Zxid;

/**
 * Leader to learner, after a quorum round that began when the note was there.
 *
 * @param touchId as in {@link Touch}
 * @param index the commit watermark when the note arrived
 */
public record TouchReply(long touchId, Zxid index) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onTouchReply(from, this);
    }
}
