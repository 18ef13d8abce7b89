package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Zxid;

/**
 * Leader to learner, cumulative: everything up to here is committed.
 *
 * @param epoch the leader's epoch
 * @param committed the commit watermark
 */
public record Commit(long epoch, Zxid committed) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onCommit(from, this);
    }
}
