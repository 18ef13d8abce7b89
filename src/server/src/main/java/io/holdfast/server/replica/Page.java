package io.holdfast.server.replica;

import java.util.List;

/**
 * A piece of a listing, ordered by name (locks) or id (sessions).
 *
 * @param items at most as many as asked for
 * @param next what to give as {@code after} for the next page; empty when this is the last one
 * @param filtered whether the caller may not see all that was asked for, whether or not there was more
 * @param <T> what is listed
 */
public record Page<T>(List<T> items, String next, boolean filtered) {

    /** Makes one of a listing that leaves nothing out. */
    public Page(List<T> items, String next) {
        this(items, next, false);
    }
}
