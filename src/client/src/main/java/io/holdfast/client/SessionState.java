package io.holdfast.client;

/** What a session is worth at a moment. */
public enum SessionState {
    /** Confirmed within half of its ttl. */
    CONNECTED,
    /**
     * Not confirmed for half of its ttl, or the server refuses the credential, also after it was read anew: work goes
     * on, nothing new is granted.
     */
    SUSPENDED,
    /**
     * Near its end: work under it is told to stop, once and for good. A session that holds nothing becomes connected
     * again when it is confirmed in time.
     */
    STOPPING,
    /** Over, for ever. */
    LOST,
    /** Closed by its owner. */
    CLOSED
}
