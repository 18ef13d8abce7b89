package io.holdfast.lock;

/**
 * One place in one line: the grant's id and the revision of the transaction that put it there, so that a late expiry
 * cannot hit a newer ticket that uses the same id.
 *
 * @param grant id of the grant
 * @param number revision of the acquire; the line is ordered by it
 */
public record Ticket(String grant, long number) {

    /** Checks the id and that the number is a revision. */
    public Ticket {
        Limits.require(Limits.idProblem(grant));
        if (number <= 0) {
            throw new IllegalArgumentException("a ticket number is a revision above 0, this one is " + number);
        }
    }
}
