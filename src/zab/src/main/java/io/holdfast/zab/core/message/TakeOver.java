package io.holdfast.zab.core.message;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.ServerId;

/**
 * Leader to voter: I am about to step down, this server leads next (protocol.md#leadership-transfer). A hint like the
 * result of any election: discovery verifies it.
 *
 * @param epoch the epoch that ends
 * @param successor has all that was proposed in it
 */
public record TakeOver(long epoch, ServerId successor) implements ReplicationMessage {
    @Override
    public void dispatch(Link from, ReplicationHandler to) {
        to.onTakeOver(from, this);
    }
}
