package io.holdfast.lock;

/**
 * What a ticket asks of one lock.
 *
 * @param permits how many it takes: 1 unless the mode is {@link Mode#SEMAPHORE}
 * @param limit how many permits the semaphore has, 0 for the other modes; the first ticket fixes it for as long as the
 *     lock is in use
 */
public record Claim(String lock, Mode mode, int permits, int limit) {

    /** Checks the bounds. */
    public Claim {
        Limits.require(Limits.lockNameProblem(lock));
        Limits.require(Limits.permitsProblem(mode, permits, limit));
    }

    /** Returns a claim to be the only holder. */
    public static Claim exclusive(String lock) {
        return new Claim(lock, Mode.EXCLUSIVE, 1, 0);
    }

    /** Returns a claim to hold the lock beside other shared ones. */
    public static Claim shared(String lock) {
        return new Claim(lock, Mode.SHARED, 1, 0);
    }

    /** Returns a claim to some permits of a semaphore. */
    public static Claim semaphore(String lock, int permits, int limit) {
        return new Claim(lock, Mode.SEMAPHORE, permits, limit);
    }
}
