package io.holdfast.server.replica;

/**
 * Whether a fencing token is that of a present holder.
 *
 * @param valid whether it is
 * @param current token of the present holder, the newest if several; 0 when the lock is free
 */
public record TokenCheck(boolean valid, long current) {}
