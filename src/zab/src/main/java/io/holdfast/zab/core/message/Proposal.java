package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;

/**
 * Leader to learner: log this.
 *
 * @param txn directly follows the one before
 * @param committed the leader's commit watermark
 */
public record Proposal(Txn txn, Zxid committed) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onProposal(from, this);
    }
}
