package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * Learner to leader: transfer leadership (protocol.md#leadership-transfer). Not answered: the node that asked sees the
 * next leader.
 *
 * @param successor server that is to lead; null for the voter with the most recent history
 */
public record HandOffRequest(@Nullable ServerId successor) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onHandOffRequest(from, this);
    }
}
