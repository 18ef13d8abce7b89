package io.holdfast.lock;

import org.jspecify.annotations.Nullable;

/**
 * A grant, held or in line, as it is at one revision.
 *
 * @param ticket revision of the transaction that asked for it
 * @param token fencing token, 0 while it is in line
 * @param position 1 = next in line, 0 = it holds the lock
 * @param behind id of the grant directly in front, which for the first in line is a holder; null when it holds the lock
 * @param waitMillis how long the ticket may stand in line
 * @param askedAtMillis wall clock, for people
 * @param grantedAtMillis wall clock, for people; 0 while it is in line
 */
public record GrantView(
        String id,
        String lock,
        Mode mode,
        long session,
        String sessionName,
        long ticket,
        long token,
        int position,
        @Nullable String behind,
        long waitMillis,
        String metadata,
        long askedAtMillis,
        long grantedAtMillis) {

    /** Returns whether it holds its lock. */
    public boolean granted() {
        return token != 0;
    }

    /** Returns its place in line, or the place it had. */
    public Ticket place() {
        return new Ticket(id, ticket);
    }
}
