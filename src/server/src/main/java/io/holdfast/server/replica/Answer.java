package io.holdfast.server.replica;

/**
 * A value together with where it was read.
 *
 * @param value the answer itself
 * @param at for the {@code Holdfast-*} headers
 * @param <T> what was asked for
 */
public record Answer<T>(T value, AppliedAt at) {}
