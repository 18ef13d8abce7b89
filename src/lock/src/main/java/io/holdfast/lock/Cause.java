package io.holdfast.lock;

import org.jspecify.annotations.Nullable;

/** Why a grant or a session ended. */
public enum Cause {
    /** Somebody asked for it: a release, a cancel, a close. */
    REQUESTED(1),
    /** The ticket stood in line for as long as it may. */
    WAIT_OVER(2),
    /** It was a try (a wait of 0) and the lock was held. */
    REFUSED(3),
    /** Its session was closed. */
    SESSION_CLOSED(4),
    /** Its session, or the session itself, was not kept alive. */
    SESSION_EXPIRED(5),
    /** A private session ended because its only purpose, the grant, did. */
    GRANT_ENDED(6),
    /** It would have closed a cycle of sessions that wait for each other. */
    DEADLOCK(7),
    /** It asked for a lock that is in use with another limit, or as a semaphore when it is none, or the reverse. */
    LIMIT_MISMATCH(8),
    /** It was a try and the lock was closed after an expiry. */
    DELAYED(9),
    /** Somebody took it away from its holder. */
    BROKEN(10),
    /** Its holder handed its locks to the ticket it was asked to yield to. */
    TRANSFERRED(11),
    /** Its session, or the session itself, was closed because its client is confirmed dead: an expiry, no release. */
    CONFIRMED_DEAD(12);

    private final int code;

    Cause(int code) {
        this.code = code;
    }

    /** Returns whether a session, or a grant by the end of its session, ended without the client's doing. */
    public boolean isExpiry() {
        return this == SESSION_EXPIRED || this == CONFIRMED_DEAD;
    }

    /** Returns the number that snapshots hold; never given to another cause. */
    int code() {
        return code;
    }

    static @Nullable Cause ofCode(int code) {
        for (Cause cause : values()) {
            if (cause.code == code) {
                return cause;
            }
        }
        return null;
    }
}
