package io.holdfast.lock;

/**
 * A warning to a holder that its locks will be taken.
 *
 * @param by who does it
 * @param reason for people
 * @param afterMillis how long the holder has, kept by the leader
 * @param number revision of the transaction that announced it
 */
public record Breaking(String by, String reason, long afterMillis, long number) {}
