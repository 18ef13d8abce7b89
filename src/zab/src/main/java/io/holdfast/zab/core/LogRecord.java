package io.holdfast.zab.core;

/**
 * What the one write-ahead log holds (protocol.md#write-ahead-log); everything persistent is derived from these
 * records, in order.
 */
public sealed interface LogRecord {

    /** A transaction that directly follows the last one of the history. */
    record Append(Txn txn) implements LogRecord {}

    /** The promise to follow no leader of an epoch up to {@code epoch} but {@code leader} in that very epoch. */
    record Promise(long epoch, ServerId leader) implements LogRecord {}

    /** The history of {@code epoch}, as far as logged before this record, was adopted (currentEpoch). */
    record AdoptEpoch(long epoch) implements LogRecord {}

    /** All transactions after {@code to} are no longer part of the history. */
    record Truncate(Zxid to) implements LogRecord {}

    /**
     * The history has a snapshot that is durable and verified.
     *
     * @param at last transaction in the snapshot
     * @param received true when a leader sent it, so that all log before this record is void; false when this server
     *     made it from its own history, whose transactions after it stay
     */
    record Snapshot(Position at, boolean received) implements LogRecord {}
}
