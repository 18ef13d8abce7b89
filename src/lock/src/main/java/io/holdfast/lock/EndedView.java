package io.holdfast.lock;

import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a grant or a session that ended.
 *
 * @param session the session's id, or the session that the grant was for; 0 for a try that never had one
 * @param token the grant's fencing token, 0 when it never had one
 * @param revision the transaction that ended it
 * @param note address and reason of a break, null for grants that were not broken
 * @param atMillis when it ended: the highest wall clock of all commands until then, in milliseconds since 1970; 0 for
 *     what ended below level 3
 * @param owner principal of the session, or that asked for the grant; empty for what a level below 3 made
 */
public record EndedView(
        long session,
        long token,
        Cause cause,
        long revision,
        @Nullable String note,
        long atMillis,
        String owner) {

    /** Makes one that is not remembered yet. */
    EndedView(long session, long token, Cause cause, long revision, @Nullable String note, String owner) {
        this(session, token, cause, revision, note, 0, owner);
    }

    /** Makes one of what was not broken. */
    EndedView(long session, long token, Cause cause, long revision, String owner) {
        this(session, token, cause, revision, null, 0, owner);
    }

    EndedView at(long millis) {
        return new EndedView(session, token, cause, revision, note, millis, owner);
    }

    /**
     * Returns whether it is of a grant that never held its locks and never stood in line when its transaction was over:
     * it was refused, or released before its acquire came.
     */
    boolean isTry() {
        return switch (cause) {
            case REFUSED, DELAYED, LIMIT_MISMATCH, DEADLOCK -> true;
            default -> session == 0;
        };
    }
}
