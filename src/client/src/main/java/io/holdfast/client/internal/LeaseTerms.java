package io.holdfast.client.internal;

import org.jspecify.annotations.Nullable;

/**
 * What a session asks for and how careful its client is.
 *
 * @param ttlMillis ttl that was asked for
 * @param graceMillis how long before the end of a lease its work is told to stop; null for a fifth of the ttl
 */
record LeaseTerms(long ttlMillis, @Nullable Long graceMillis) {

    /** By how much clocks may differ in speed at least, in parts of a thousand, whatever the server says. */
    static final int DRIFT_PER_MILLE_MIN = 1;

    private static final long MARGIN_MILLIS = 100;

    /** How long a lease is relied on, from the moment its request was sent. */
    static long usableMillis(long ttl, long driftPerMille) {
        return Math.max(0, ttl * (1000 - driftPerMille) / 1000 - Math.max(MARGIN_MILLIS, ttl / 100));
    }

    /** After what time without a confirmation work must stop: not before it is known to be in danger. */
    long stopMillis(long ttl, long driftPerMille) {
        long grace = graceMillis == null ? ttl / 5 : graceMillis;
        return Math.min(usableMillis(ttl, driftPerMille), Math.max(ttl / 2, usableMillis(ttl, driftPerMille) - grace));
    }
}
