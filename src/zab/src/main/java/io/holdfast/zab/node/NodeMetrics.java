package io.holdfast.zab.node;

import io.holdfast.zab.core.RequestFailure;

/**
 * Receives a node's measurements, so that this library needs no metrics library. All methods are called on the node's
 * context unless they say otherwise, must not block, and do nothing unless overridden.
 */
public interface NodeMetrics {

    /** Forgets everything. */
    NodeMetrics NONE = new NodeMetrics() {};

    /**
     * A batch of log records became durable. Called on the log's thread.
     *
     * @param records how many share this fsync, at least 1
     * @param nanos what append and fsync took together
     */
    default void logSynced(int records, long nanos) {}

    /** A request of this node's clients was committed and applied {@code nanos} after {@link ZabNode#submit}. */
    default void requestApplied(long nanos) {}

    /** A request, read or touch of this node's clients ended without an answer. */
    default void requestFailed(RequestFailure failure) {}

    /** A linearizable read could be answered {@code nanos} after it came in. */
    default void readServed(long nanos) {}

    /** A touch was confirmed by a quorum {@code nanos} after it came in. */
    default void touchConfirmed(long nanos) {}

    /** This node had no leader, or was not in step with one, for {@code nanos}, and now is. */
    default void electionEnded(long nanos) {}

    /**
     * A snapshot was made and is durable.
     *
     * @param txns how many transactions it has beyond the one before
     * @param nanos what reading, applying and writing took on the worker thread
     */
    default void snapshotTaken(int txns, long nanos) {}

    /** This node leads and found a member whose state is another after the same transactions; once for each. */
    default void stateDiffers() {}

    /** A cold file of so many bytes was read again, which found it whole or not. */
    default void scrubbed(long bytes) {}

    /** A file on the disk is damaged that was whole; once for each. */
    default void damageFound() {}

    /** A listener failed at something that it was told; the node went on. */
    default void incident() {}

    /** A snapshot could not be made, since the disk has no room for it. */
    default void snapshotFailed() {}

    /** A replication link ended: by the peer, by a fault, by a full queue, or on the core's demand. */
    default void linkEnded() {}
}
