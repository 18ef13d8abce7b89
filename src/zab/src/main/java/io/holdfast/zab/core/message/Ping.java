package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Zxid;

/**
 * Leader to learner: a heartbeat and the start of a quorum round.
 *
 * @param epoch the leader's epoch
 * @param round grows with every ping of that leader
 * @param committed the commit watermark
 * @param quorumAgeMillis how long ago the leader began the last round that a quorum answered: how old its authority is
 */
public record Ping(long epoch, long round, Zxid committed, long quorumAgeMillis) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onPing(from, this);
    }
}
