package io.holdfast.lock;

/**
 * A lock that stays closed after a holder was not kept alive (protocol.md#t11), or asked for that with its release.
 *
 * @param number revision of the transaction that closed it, so that a late end cannot hit a newer delay
 */
public record LockDelay(String lock, long number) {

    /** Checks the name and that the number is a revision. */
    public LockDelay {
        Limits.require(Limits.lockNameProblem(lock));
        if (number <= 0) {
            throw new IllegalArgumentException("the number of a delay is a revision above 0, this one is " + number);
        }
    }
}
