package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.ServerId;

/**
 * Leader to a follower that relays: end your link with this observer, so that it comes to me. It is about to vote, and
 * whoever votes is fed by the leader itself; or another follower feeds fewer (decision 0018).
 *
 * @param epoch the leader's epoch
 * @param observer who is to come
 */
public record LetGo(long epoch, ServerId observer) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onLetGo(from, this);
    }
}
