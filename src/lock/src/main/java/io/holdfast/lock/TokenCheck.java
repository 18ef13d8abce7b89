package io.holdfast.lock;

/**
 * Whether a fencing token is one that holds a lock now.
 *
 * @param current highest token of the holders, 0 when the lock is free
 */
public record TokenCheck(boolean valid, long current) {}
