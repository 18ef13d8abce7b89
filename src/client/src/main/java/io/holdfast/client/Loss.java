package io.holdfast.client;

/** How a lease ended. */
public enum Loss {
    /** It could not be confirmed in time. */
    EXPIRED,
    /** An administrator took it, or the server does not know it any more. */
    BROKEN,
    /** Its session ended at the server. */
    SESSION_ENDED,
    /** Its holder gave it back, handed it over, or closed the client. */
    RELEASED
}
