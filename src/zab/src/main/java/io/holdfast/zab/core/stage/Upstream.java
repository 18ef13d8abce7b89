package io.holdfast.zab.core.stage;

import io.holdfast.zab.core.Payload;

/**
 * The way to an established leader, for what this server's clients want; answers come back as calls on the clients'
 * room.
 */
public interface Upstream {

    /** Hands over a request; order is kept. */
    void request(long requestId, Payload payload);

    /** Asks for the commit that a read must have seen. */
    void readIndex(long attempt);

    /** Passes a note on to the leader's lease clock. */
    void touch(long attempt, Payload note);
}
