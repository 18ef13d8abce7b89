package io.holdfast.lock;

/**
 * What is remembered of a grant or a session that ended.
 *
 * @param session the session's id, or the session that the grant was for; 0 for a try that never had one
 * @param token the grant's fencing token, 0 when it never had one
 * @param revision the transaction that ended it
 */
public record EndedView(long session, long token, Cause cause, long revision) {}
