package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;

/**
 * Leader to learner: this request was not proposed and will not be; the leader has no room for it.
 *
 * @param requestId as in {@link Request}
 */
public record RequestRefused(long requestId) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onRequestRefused(from, this);
    }
}
