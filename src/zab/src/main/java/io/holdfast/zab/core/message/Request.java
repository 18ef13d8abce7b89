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
 * @param crc32c checksum of the payload, made where the request came in: that of a frame is made after whatever
 *     happened to the bytes in memory
 */
public record Request(long requestId, TxnType type, Payload payload, int crc32c) implements ReplicationMessage {

    /** Makes a request of a client of this server. */
    public Request(long requestId, TxnType type, Payload payload) {
        this(requestId, type, payload, payload.crc32c());
    }

    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onRequest(from, this);
    }
}
