package io.holdfast.lock;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A grant, held or waiting, as it is at one revision.
 *
 * @param claims its locks in the order of their names: at least one
 * @param ticket revision of the transaction that asked for it
 * @param token fencing token, 0 while it waits
 * @param position 1 = next, in the longest of the queues that keep it waiting; 0 = it holds its locks
 * @param behind id of the grant directly before it in that queue, which for the first ticket is a holder; null when it
 *     holds its locks, or when only a time keeps it waiting
 * @param waitMillis how long the ticket may wait
 * @param askedAtMillis wall clock, for people
 * @param grantedAtMillis wall clock, for people; 0 while it waits
 * @param yield the request to transfer its locks, null when there is none
 * @param breaking that its locks will be taken, null when they will not
 * @param owner principal of its session; empty for one that a level below 3 opened
 */
public record GrantView(
        String id,
        List<Claim> claims,
        long session,
        String sessionName,
        long ticket,
        long token,
        int position,
        @Nullable String behind,
        long waitMillis,
        String metadata,
        long askedAtMillis,
        long grantedAtMillis,
        @Nullable Yield yield,
        @Nullable Breaking breaking,
        String owner) {

    /** Copies the list. */
    public GrantView {
        claims = List.copyOf(claims);
    }

    /** Returns the name of its first lock; most grants have no other. */
    public String lock() {
        return claims.get(0).lock();
    }

    /** Returns the mode in which it holds, or wants, its first lock. */
    public Mode mode() {
        return claims.get(0).mode();
    }

    /** Returns whether it holds its locks. */
    public boolean granted() {
        return token != 0;
    }

    /** Returns its place in line, or the place it had. */
    public Ticket place() {
        return new Ticket(id, ticket);
    }
}
