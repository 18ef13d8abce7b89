package io.holdfast.lock;

/**
 * Whether a fencing token is the one that holds a lock now.
 *
 * @param current token of the holder, 0 when the lock is free
 */
public record TokenCheck(boolean valid, long current) {}
