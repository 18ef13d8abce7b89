package io.holdfast.server.replica;

/**
 * A condition of a node or its ensemble that an operator should examine.
 *
 * @param name one of a few words with hyphens, for programs
 * @param says what is so and what to do, for people
 */
public record Alarm(String name, String says) {}
