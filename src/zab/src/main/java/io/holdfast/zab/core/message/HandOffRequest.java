package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * Learner to leader: somebody wants another leader (protocol.md#leadership-transfer). Not answered: whoever asked sees
 * who leads next.
 *
 * @param successor who is to lead; null for whoever is furthest
 */
public record HandOffRequest(@Nullable ServerId successor) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onHandOffRequest(from, this);
    }
}
