package io.holdfast.client;

/** What a session is worth at a moment. */
public enum SessionState {
    /** Confirmed within half of its ttl. */
    CONNECTED,
    /** Not confirmed for half of its ttl: work goes on, nothing new is granted. */
    SUSPENDED,
    /** Near its end, once and for good: work under it is told to stop. */
    STOPPING,
    /** Over, for ever. */
    LOST,
    /** Closed by its owner. */
    CLOSED
}
