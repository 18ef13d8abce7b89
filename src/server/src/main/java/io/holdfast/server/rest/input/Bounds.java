package io.holdfast.server.rest.input;

import io.holdfast.lock.Limits;

/** Bounds of what requests may say, and what a message says of them. */
public final class Bounds {

    /** Longest time in a queue, of a wish, and of a warning. */
    public static final String MAX_WAIT = "24h";

    /** Longest time that one request is held; below the limits of common proxies. */
    public static final String MAX_POLL = "55s";

    static final String MAX_LOCK_DELAY = "60s";
    static final int PERMITS_MAX = Limits.PERMITS_MAX;
    static final int LOCKS_MAX = 64;
    static final int IDS_MAX = 1000;
    static final int NODE_ID_MAX = 65_535;
    static final int SESSION_NAME_CHARS_MAX = 512;
    static final int REASON_CHARS_MAX = 256;

    private Bounds() {}
}
