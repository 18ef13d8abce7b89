package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Zxid;

/**
 * Leader to learner: a quorum adopted the history; apply and serve.
 *
 * @param epoch the leader's epoch
 * @param committed the leader's commit watermark now, not that of the acknowledgement
 */
public record UpToDate(long epoch, Zxid committed) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onUpToDate(from, this);
    }
}
