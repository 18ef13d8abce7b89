package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Payload;

/**
 * Learner to leader: a note for the leader's lease clock, to be confirmed by a quorum round (protocol.md#t2).
 *
 * @param touchId unique for each attempt
 * @param note opaque here
 */
public record Touch(long touchId, Payload note) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onTouch(from, this);
    }
}
