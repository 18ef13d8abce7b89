package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Zxid;

/**
 * Leader to learner, after a quorum round that began when the note was there.
 *
 * @param touchId as in {@link Touch}
 * @param index the last transaction proposed when the note arrived: the node that asked applies an expiry that was
 *     under way, and so never takes a lease for confirmed that is about to end (protocol.md#t8). The commit watermark
 *     is not enough
 */
public record TouchReply(long touchId, Zxid index) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onTouchReply(from, this);
    }
}
