package io.holdfast.lock;

/**
 * How much one table holds. Part of the replicated behaviour: every replica must use the same values, so a server
 * always uses those of the level in force ({@link Rules}); smaller ones are for tests and simulations.
 *
 * @param sessions open sessions
 * @param grants locks of all grants and tickets in line, a set counting as many as it names
 * @param waitersPerLock tickets in line for one lock
 * @param grantsPerSession grants and tickets of one session
 * @param endedGrants ended grants that are remembered, oldest forgotten first
 * @param endedSessions ended sessions that are remembered, oldest forgotten first
 * @param lastToken highest fencing token that may ever be given
 */
public record Quotas(
        int sessions,
        int grants,
        int waitersPerLock,
        int grantsPerSession,
        int endedGrants,
        int endedSessions,
        long lastToken) {

    public static final Quotas STANDARD =
            new Quotas(1_000_000, 2_000_000, 100_000, 100_000, 1 << 17, 1 << 16, Limits.TOKEN_MAX);

    /** Checks that every bound is at least 1 and the last token fits 53 bits. */
    public Quotas {
        if (Math.min(Math.min(sessions, grants), Math.min(waitersPerLock, grantsPerSession)) < 1
                || Math.min(endedGrants, endedSessions) < 1) {
            throw new IllegalArgumentException("every quota is at least 1");
        }
        if (lastToken < 1 || lastToken > Limits.TOKEN_MAX) {
            throw new IllegalArgumentException("last token " + lastToken + " is not in 1 to " + Limits.TOKEN_MAX);
        }
    }
}
