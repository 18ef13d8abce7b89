package io.holdfast.zab.core.stage;

import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.TxnType;
import org.jspecify.annotations.Nullable;

/**
 * The way to an established leader, for what this server's clients want; answers come back as calls on the clients'
 * room.
 */
public interface Upstream {

    /** Hands over a request; order is kept. */
    void request(long requestId, TxnType type, Payload payload);

    /** Asks for the commit that a read must have seen. */
    void readIndex(long attempt);

    /** Passes a note on to the leader's lease clock. */
    void touch(long attempt, Payload note);

    /**
     * Asks the leader to leave office in favour of another; nothing happens when that one is not fit to lead.
     *
     * @param successor null for whoever is furthest
     */
    void handOff(@Nullable ServerId successor);
}
