package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;

/**
 * Leader to learner: the epoch to promise. Sent only when the leader's own promise is durable (P2).
 *
 * @param epoch above every epoch that a quorum promised
 */
public record LeaderInfo(long epoch) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onLeaderInfo(from, this);
    }
}
