package io.holdfast.server.replica;

import io.holdfast.lock.Breaking;
import io.holdfast.lock.Claim;
import io.holdfast.lock.Yield;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A ticket as a node knows it.
 *
 * @param id how requests name it
 * @param claims its locks with the mode of each, in the order of their names; at least one
 * @param session that it belongs to
 * @param sessionName as given when the session was opened
 * @param owner principal of its session; empty for one that a level below 3 opened
 * @param state how far it is
 * @param token fencing token, 1 to 2^53 - 1; 0 while it waits
 * @param position place in the longest queue that keeps it waiting, 1 is next; 0 once granted
 * @param behind id of the ticket directly before it there, a holder's for position 1; empty once granted, or when only
 *     a time keeps it waiting
 * @param waitMs how long it may wait, as given
 * @param waitedMs how long it waited: until granted, or until now; by the wall clocks of nodes, for people
 * @param heldMs how long it holds the lock, by the wall clocks of nodes, for people; 0 while it waits
 * @param ttlLeftMs time left of its session on the leader's lease clock; -1 when this node does not lead and so does
 *     not know
 * @param metadata a JSON object as text, as given; empty for none
 * @param yield the request to transfer its locks, and for how long; null when there is none
 * @param breaking that its locks will be taken, and why; null when they will not
 * @param fresh whether this very request made or granted it (201), as opposed to an earlier one (200)
 */
public record GrantView(
        String id,
        List<Claim> claims,
        String session,
        String sessionName,
        String owner,
        State state,
        long token,
        int position,
        String behind,
        long waitMs,
        long waitedMs,
        long heldMs,
        long ttlLeftMs,
        String metadata,
        @Nullable Yield yield,
        @Nullable Breaking breaking,
        boolean fresh) {

    /** Copies the list. */
    public GrantView {
        claims = List.copyOf(claims);
    }

    /** Returns the name of its first lock; most grants have no other. */
    public String lock() {
        return claims.get(0).lock();
    }

    /** Returns its claim to a lock; the first one when it has none to that. */
    public Claim claim(String lock) {
        return claims.stream()
                .filter(claim -> claim.lock().equals(lock))
                .findFirst()
                .orElse(claims.get(0));
    }

    /** How far a ticket is. */
    public enum State {
        GRANTED,
        WAITING
    }
}
