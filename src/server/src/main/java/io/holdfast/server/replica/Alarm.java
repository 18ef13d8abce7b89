package io.holdfast.server.replica;

/**
 * Something about a node or its ensemble that somebody should look at.
 *
 * @param name one of a few words with hyphens, for programs
 * @param says what is so and what to do, for people
 */
public record Alarm(String name, String says) {}
