package io.holdfast.lock;

/**
 * A wish that a holder hands its locks to one ticket.
 *
 * @param to id of the grant in line
 * @param ticket number of that ticket
 * @param drainMillis how long the wish stands, kept by the leader; nothing is taken at its end
 * @param number revision of the transaction that asked
 */
public record Yield(String to, long ticket, long drainMillis, long number) {}
