package io.holdfast.server.replica;

import java.util.List;

/**
 * A piece of a listing, ordered by name (locks) or id (sessions).
 *
 * @param items at most as many as asked for
 * @param next what to give as {@code after} for the next page; empty when this is the last one
 * @param <T> what is listed
 */
public record Page<T>(List<T> items, String next) {}
