package io.holdfast.zab.core.message;

import io.holdfast.zab.core.ServerId;
import java.util.Set;

/**
 * Sent by every voter to every voter in every state, every 100 ms (zab.md 2.4): who is alive, and who reaches whom.
 *
 * @param reach voters that the sender heard lately
 */
public record Hello(Set<ServerId> reach) implements ElectionMessage {
    @Override
    public void dispatch(ServerId from, ElectionHandler to) {
        to.onHello(from, this);
    }
}
