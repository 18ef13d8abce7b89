package io.holdfast.ensemble.history;

/**
 * A grant that a client was told it has.
 *
 * @param lock of one holder
 * @param grant id of the grant
 * @param session whose it is
 * @param token fencing token
 * @param requested when it was first asked for
 * @param confirmed when the client was told
 * @param releaseRequested when the client first asked to end it, or {@link #NEVER}
 * @param released when the client was told that it is gone, or {@link #NEVER}
 */
public record Hold(
        String lock,
        String grant,
        String session,
        long token,
        long requested,
        long confirmed,
        long releaseRequested,
        long released) {

    /** Later than everything. */
    public static final long NEVER = Long.MAX_VALUE;
}
