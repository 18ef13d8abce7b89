package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.TxnType;

/**
 * Learner to leader: propose this for a client of mine. Requests of one learner are proposed in the order in which they
 * come.
 *
 * @param requestId the learner's number for it
 * @param type what the payload is for
 * @param payload the command, or the configuration
 */
public record Request(long requestId, TxnType type, Payload payload) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onRequest(from, this);
    }
}
