package io.holdfast.server.replica;

/** Every reason why a request has no result; one for each slug of the API. */
public enum Problem {
    /** Nothing was done: no leader was found in time. */
    NO_LEADER,
    /** Nothing was done: a bound on outstanding work was reached, here or at the leader. */
    OVERLOADED,
    /**
     * Nothing was done: this node has not caught up with a leader since it started, or not with {@code minRevision} in
     * time.
     */
    NOT_READY,
    /** Proposed and not confirmed in time: it may take effect now, later or never. The same id makes a retry safe. */
    OUTCOME_UNKNOWN,
    /** Nothing was done: the disk of this node has no room for a snapshot. */
    NO_ROOM,
    /** The request contradicts the rules of the lock table, which REST should have found before. */
    INVALID_REQUEST,
    /** The request names a revision that was not committed yet, if ever. */
    REVISION_AHEAD,
    /** No such session was ever heard of here. */
    SESSION_UNKNOWN,
    /** The session expired or was closed. */
    SESSION_ENDED,
    /** No such grant was ever heard of here. */
    GRANT_UNKNOWN,
    /** The grant was released, cancelled, or ended with its session. */
    GRANT_ENDED,
    /** The same grant or idempotency key with other content. */
    GRANT_MISMATCH,
    /** The ticket would close a cycle of sessions that wait for each other. */
    DEADLOCK,
    /** The lock is in use with another limit, or as a semaphore when the ticket wants none, or the reverse. */
    LIMIT_MISMATCH,
    /** The grant cannot hold its locks in the mode that was asked for now; it stays as it was. */
    MODE_REFUSED,
    /** The lock is closed for a while since a holder was not kept alive, and the ticket does not wait. */
    LOCK_DELAYED,
    /** The semaphore cannot have that limit now; it stays as it was. */
    LIMIT_REFUSED,
    /** A newer process took the session over; nothing was done. */
    SUPERSEDED,
    /** The locks cannot be handed to that ticket. */
    TRANSFER_REFUSED,
    /** The grant is still in line and so has nothing to be warned of. */
    GRANT_WAITING,
    /** The wait is over, or there was none, and somebody else holds the lock. */
    LOCK_HELD,
    /** The given token is not that of the grant. */
    TOKEN_STALE,
    /** A configured bound on sessions, grants or waiters is reached, or one on members. */
    QUOTA_EXCEEDED,
    /** No member has that id. */
    MEMBER_UNKNOWN,
    /** The id, or the address, belongs to another member. */
    MEMBER_MISMATCH,
    /** Another change of the members is under way. */
    CHANGE_IN_PROGRESS,
    /** The member that shall vote or lead is not in step with the leader. */
    NOT_SYNCED,
    /** No other member can lead now. */
    NO_SUCCESSOR,
    /** After the change no quorum would follow the leader. */
    WOULD_LOSE_QUORUM,
    /** The configuration in force is not of the given version. */
    VERSION_STALE,
    /** Nothing was done: this node is no member of its ensemble (any more, or yet). */
    NOT_A_MEMBER,
    /** Nothing was done: this member has no vote, and the rules have such members pass on other requests only. */
    NOT_HERE,
    /** Nothing was done: the leader could not read, or does not know, what this node made of the request. */
    REJECTED_BY_LEADER,
    /** Nothing was done: the request has no credential, and no rule is for callers without one. */
    UNAUTHENTICATED,
    /** Nothing was done: no rule allows it. */
    FORBIDDEN,
    /** Nothing was done: the session, or the grant, belongs to another principal. */
    NOT_YOURS,
    /** Nothing was done: the idempotency key, or the id of the grant, is in use by another principal. */
    ID_TAKEN,
    /** Nothing was done: after the change no administrator of the rules would be left, or the caller would be none. */
    LAST_ADMINISTRATOR,
    /** Nothing was done: the rules have no entry of that name, or no key of that id. */
    ACL_UNKNOWN,
    /** Nothing was done: not all members run a release yet that knows what was asked for. */
    LEVEL_TOO_LOW
}
