package io.holdfast.ensemble.history;

/**
 * A linearizable read of a lock.
 *
 * @param lock its name
 * @param sent when the request left
 * @param received when the answer was there
 * @param revision of the answer, ordered as numbers are
 * @param grant of the holder; empty when the lock was free
 * @param token of the holder; 0 when the lock was free
 */
public record LockRead(String lock, long sent, long received, long revision, String grant, long token) {}
