package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.RequestFailure;

/**
 * Leader to learner: this request was not proposed and will not be.
 *
 * @param requestId as in {@link Request}
 * @param reason why
 */
public record RequestRefused(long requestId, RequestFailure reason) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onRequestRefused(from, this);
    }
}
