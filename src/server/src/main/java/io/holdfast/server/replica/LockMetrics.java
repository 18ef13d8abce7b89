package io.holdfast.server.replica;

/**
 * Receives what a node measures of locks and leases, so that this room needs no metrics library. Methods must not
 * block; they are called on the node's context unless they say otherwise.
 */
public interface LockMetrics {

    /** Forgets everything. */
    LockMetrics NONE = new LockMetrics() {};

    /**
     * An acquire of this node's clients was decided. Any thread.
     *
     * @param outcome {@code granted}, {@code waiting}, or the slug of the problem that refused it
     */
    default void asked(String outcome) {}

    /** A ticket was granted after it had waited for so long, in the record of transactions; at the leader. */
    default void waited(long millis) {}

    /** A grant ended after it had held its locks for so long, in the record of transactions; at the leader. */
    default void held(long millis) {}

    /** So many sessions expired in one transaction; at the leader. */
    default void sessionsExpired(int count) {}

    /** So many waits in line were over in one transaction; at the leader. */
    default void waitsExpired(int count) {}

    /** All leases were moved, since the leader stood still for so long. */
    default void leasesPaused(long nanos) {}

    /** The node's event loop ran a tick so much later than it was due. */
    default void lag(long nanos) {}
}
