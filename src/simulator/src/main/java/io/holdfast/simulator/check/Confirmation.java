package io.holdfast.simulator.check;

/**
 * A keepalive that was answered well, or the opening of a session.
 *
 * @param session whose
 * @param sentAt when the client sent it
 * @param validUntil when the client stops to believe, by its own clock, in true time
 */
public record Confirmation(long session, long sentAt, long validUntil) {}
