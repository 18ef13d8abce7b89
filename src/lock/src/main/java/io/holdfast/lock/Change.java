package io.holdfast.lock;

import org.jspecify.annotations.Nullable;

/**
 * One thing that a transaction changed. The changes of a transaction come in the order in which they happened, and a
 * release and the grant that follows from it are in the same transaction. What happens to a grant of several locks
 * makes one change for each of them, in the order of their names, with the same grant, ticket and token.
 *
 * @param lock null when it is about a session
 * @param grant null when it is about a session or about a lock alone: {@link Kind#DELAY_ENDED} and
 *     {@link Kind#LIMIT_CHANGED}
 * @param session the session it is about, or whose grant it is about; 0 when it is about a lock alone
 * @param ticket number of the grant's ticket, 0 when it is not about a grant
 * @param token fencing token of the grant, 0 while it has none
 * @param cause why something ended, null when nothing did
 * @param millis for the lease clock: the ttl of a session that opened, the wait of a ticket that got in line, the time
 *     of a delay, a wish to yield or the warning of a break that begins; the permits of a changed limit; else 0
 * @param holder with {@link Kind#GRANTED}: what its client says of itself; null when that is nothing, and else
 */
public record Change(
        Kind kind,
        @Nullable String lock,
        @Nullable String grant,
        long session,
        long ticket,
        long token,
        @Nullable Cause cause,
        long millis,
        @Nullable Holder holder) {

    /**
     * What a client that holds a lock says of itself.
     *
     * @param sessionName name of its session; may be empty
     * @param metadata of its grant; may be empty
     */
    public record Holder(String sessionName, String metadata) {}

    /** What happened. */
    public enum Kind {
        /** A grant holds its lock: at once, or because it was the first in line. */
        GRANTED,
        /** A ticket got in line. */
        WAITING,
        /** A holder gave its lock back, or its session was closed. */
        RELEASED,
        /** A holder lost its lock because its session was not kept alive, or its client is confirmed dead. */
        EXPIRED,
        /** A ticket left the line without a grant. */
        CANCELLED,
        /** A sole shared holder became exclusive, with a new token; the old one is stale. */
        UPGRADED,
        /** An exclusive holder became a shared one and kept its token. */
        DOWNGRADED,
        /** A holder is asked to hand its lock to a ticket in line. */
        YIELD_REQUESTED,
        /** It did not, and is not asked any more. */
        YIELD_LAPSED,
        /** A holder handed its lock to the ticket that was asked for, whose {@link #GRANTED} follows. */
        TRANSFERRED,
        /** A holder is warned that its lock will be taken. */
        BREAK_ANNOUNCED,
        /** A holder's lock was taken from it. */
        BROKEN,
        /** A lock is closed: it was taken from a holder that may not know, or released so. */
        DELAYED,
        /** It is open again; what follows from that is in the same transaction. */
        DELAY_ENDED,
        /** A semaphore in use has another number of permits; what follows from that is in the same transaction. */
        LIMIT_CHANGED,
        /** A process takes part in a session by a connection, and an earlier one does not any more. */
        SESSION_ATTACHED,
        SESSION_OPENED,
        SESSION_ENDED
    }
}
