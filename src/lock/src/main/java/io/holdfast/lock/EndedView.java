package io.holdfast.lock;

import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a grant or a session that ended.
 *
 * @param session the session's id, or the session that the grant was for; 0 for a try that never had one
 * @param token the grant's fencing token, 0 when it never had one
 * @param revision the transaction that ended it
 * @param note who broke a grant and why, null for what was not broken
 */
public record EndedView(
        long session,
        long token,
        Cause cause,
        long revision,
        @Nullable String note) {

    /** Makes one of what was not broken. */
    public EndedView(long session, long token, Cause cause, long revision) {
        this(session, token, cause, revision, null);
    }
}
