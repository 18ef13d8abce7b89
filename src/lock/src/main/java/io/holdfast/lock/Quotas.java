package io.holdfast.lock;

/**
 * How much one table holds. Part of the replicated behaviour: every replica must use the same values, so a server
 * always uses those of the level in force ({@link Rules}); smaller ones are for tests and simulations.
 *
 * @param sessions open sessions
 * @param grants locks of all grants and tickets in line, a set counting as many as it names
 * @param waitersPerLock tickets in line for one lock
 * @param grantsPerSession grants and tickets of one session
 * @param ended what is remembered of what ended
 * @param placesOfEndings locks that one transaction takes from sessions that end
 * @param bytes of a heap that the table takes until the ensemble sets another bound, as {@link Weights} counts them
 * @param lastToken highest fencing token that may ever be given
 */
public record Quotas(
        int sessions,
        int grants,
        int waitersPerLock,
        int grantsPerSession,
        Ended ended,
        int placesOfEndings,
        long bytes,
        long lastToken) {

    /**
     * How much is remembered of what ended, oldest forgotten first, in a share of the bytes at most.
     *
     * @param grants newest ended grants
     * @param tries newest tries that were refused
     * @param sessions newest ended sessions
     * @param perSession ended grants of one open session beside those, 0 for none
     * @param millis what is younger is remembered whatever the counts say, 0 for nothing
     */
    public record Ended(int grants, int tries, int sessions, int perSession, long millis) {

        /** Checks that every bound is in its range. */
        public Ended {
            if (Math.min(grants, Math.min(tries, sessions)) < 1 || perSession < 0 || millis < 0) {
                throw new IllegalArgumentException("every quota of what ended is at least 1");
            }
        }
    }

    /** Bytes of the heap of a node that was not told otherwise: twice that, and what else it keeps, fit into 256 MB. */
    public static final long BYTES_DEFAULT = 64L << 20;

    /** Of levels 1 and 2. */
    static final Quotas FIRST = new Quotas(1_000_000, 2_000_000, 100_000, 100_000, 1 << 17, 1 << 16, Limits.TOKEN_MAX);

    private static final Ended ENDED = new Ended(1 << 17, 1 << 17, 1 << 16, 64, 60_000);

    /** Of level 3. */
    static final Quotas THIRD =
            new Quotas(1_000_000, 2_000_000, 100_000, 1_000, ENDED, 1_000, BYTES_DEFAULT, Limits.TOKEN_MAX);

    /** Checks that every bound is at least 1 and the last token fits 53 bits. */
    public Quotas {
        if (Math.min(Math.min(sessions, grants), Math.min(waitersPerLock, grantsPerSession)) < 1) {
            throw new IllegalArgumentException("every quota is at least 1");
        }
        if (bytes < 1 || placesOfEndings < 1) {
            throw new IllegalArgumentException(bytes + " bytes or " + placesOfEndings + " places are no quota");
        }
        if (lastToken < 1 || lastToken > Limits.TOKEN_MAX) {
            throw new IllegalArgumentException("last token " + lastToken + " is not in 1 to " + Limits.TOKEN_MAX);
        }
    }

    /**
     * Makes quotas without a bound in bytes, or on what one transaction ends, and a memory that goes by counts alone.
     */
    Quotas(
            int sessions,
            int grants,
            int waitersPerLock,
            int grantsPerSession,
            int endedGrants,
            int endedSessions,
            long lastToken) {
        this(
                sessions,
                grants,
                waitersPerLock,
                grantsPerSession,
                new Ended(endedGrants, endedGrants, endedSessions, 0, 0),
                Integer.MAX_VALUE,
                Long.MAX_VALUE,
                lastToken);
    }

    /** Returns the same with another bound on what one transaction takes from sessions that end. */
    Quotas withPlacesOfEndings(int most) {
        return new Quotas(sessions, grants, waitersPerLock, grantsPerSession, ended, most, bytes, lastToken);
    }

    /** Returns the same with other bounds on what is remembered. */
    Quotas with(Ended other) {
        return new Quotas(sessions, grants, waitersPerLock, grantsPerSession, other, placesOfEndings, bytes, lastToken);
    }

    /**
     * Returns the heap in bytes that a table of so many bytes needs: it is there twice while a snapshot is made or
     * loaded. What else a node keeps comes on top.
     */
    public static long heapFor(long bytes) {
        return 2 * bytes;
    }
}
