package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Zxid;

/**
 * Leader to learner, ends the initial history: adopt it.
 *
 * @param epoch the leader's epoch
 * @param cut last zxid of the history sent on this link
 * @param chainHash chain hash at {@code cut}
 */
public record NewLeader(long epoch, Zxid cut, long chainHash) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onNewLeader(from, this);
    }
}
