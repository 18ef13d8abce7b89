package io.holdfast.zab.core.message;

import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.ServerId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sent by every voter to every other voter, in every state, once per {@link io.holdfast.zab.core.ZabConfig#helloMillis}
 * (protocol.md#election): the sender is alive, and which voters it hears.
 *
 * @param disk identity of the sender's disk; null from one that speaks version 1
 * @param reach voters that the sender heard lately
 */
public record Hello(@Nullable DiskId disk, Set<ServerId> reach) implements ElectionMessage {

    /** Makes a hello of version 1 of the protocol. */
    public Hello(Set<ServerId> reach) {
        this(null, reach);
    }

    @Override
    public void dispatch(ServerId from, ElectionHandler to) {
        to.onHello(from, this);
    }
}
