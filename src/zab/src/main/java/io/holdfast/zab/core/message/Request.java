package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Payload;

/**
 * Learner to leader: propose this for a client of mine. Requests of one learner are proposed in the order in which they
 * come.
 *
 * @param requestId the learner's number for it
 * @param payload the command
 */
public record Request(long requestId, Payload payload) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onRequest(from, this);
    }
}
