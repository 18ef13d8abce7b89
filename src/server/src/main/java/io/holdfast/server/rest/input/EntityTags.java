package io.holdfast.server.rest.input;

import io.holdfast.server.replica.Revision;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Entity tags: a grant's is its fencing token ({@code "17"}), a lock's is the revision at which it was read, which is
 * weak since ages go on ({@code W/"3-1041"}).
 */
public final class EntityTags {

    /** Tokens stay below 2^53, so that every JSON reader has them exactly. */
    public static final long MAX_TOKEN = (1L << 53) - 1;

    private EntityTags() {}

    /** Returns the tag of a grant that has a token. */
    public static String of(long token) {
        return '"' + Long.toString(token) + '"';
    }

    /** Returns the tag of a lock that was read at a revision. */
    public static String of(Revision revision) {
        return "W/\"" + revision + '"';
    }

    /** Returns the revision that an entity tag of a lock names, or nothing when it names none. */
    public static Optional<Revision> revision(String tag) {
        String strong = tag.startsWith("W/") ? tag.substring(2) : tag;
        if (strong.length() < 2 || !strong.startsWith("\"") || !strong.endsWith("\"")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Revision.parse(strong.substring(1, strong.length() - 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns the token that a strong entity tag names, or nothing when it names none. */
    public static OptionalLong token(String tag) {
        if (!tag.matches("\"[1-9][0-9]{0,15}\"")) {
            return OptionalLong.empty();
        }
        long token = Long.parseLong(tag.substring(1, tag.length() - 1));
        return token <= MAX_TOKEN ? OptionalLong.of(token) : OptionalLong.empty();
    }
}
