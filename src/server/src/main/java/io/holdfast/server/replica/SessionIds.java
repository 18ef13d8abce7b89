package io.holdfast.server.replica;

/** Session ids as clients write them: the revision of the transaction that opened the session. */
final class SessionIds {

    /** What no session has. */
    static final long NONE = 0;

    private SessionIds() {}

    /** Returns the id, or {@link #NONE} when no session can have it. */
    static long parse(String text) {
        try {
            return io.holdfast.lock.Revision.parse(text);
        } catch (IllegalArgumentException e) {
            return NONE;
        }
    }
}
