package io.holdfast.server.replica;

/**
 * A piece of a listing.
 *
 * @param prefix only locks or sessions whose name begins with this; empty for all
 * @param after the last lock name or session id of the page before; empty for the first page
 * @param limit how many at most, 1 to {@link #MAX_LIMIT}; a page may have fewer and not be the last one
 * @param metadata whether metadata is wanted, which makes pages shorter
 */
public record PageRequest(String prefix, String after, int limit, boolean metadata) {

    public static final int MAX_LIMIT = 1_000;

    /** Checks the bounds. */
    public PageRequest {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_LIMIT + ", not " + limit);
        }
    }

    /** Asks for a page without metadata. */
    public PageRequest(String prefix, String after, int limit) {
        this(prefix, after, limit, false);
    }
}
