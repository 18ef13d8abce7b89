package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.ServerId;

/**
 * Leader to learner: the epoch to promise. Sent only when the leader's own promise is durable (protocol.md#p2). A
 * follower that feeds an observer sends it for its leader.
 *
 * @param epoch above every epoch that a quorum promised
 * @param leader server that the promise is to
 */
public record LeaderInfo(long epoch, ServerId leader) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onLeaderInfo(from, this);
    }
}
