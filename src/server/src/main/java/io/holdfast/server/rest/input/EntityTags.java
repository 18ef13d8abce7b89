package io.holdfast.server.rest.input;

import java.util.OptionalLong;

/** Fencing tokens as entity tags: {@code If-Match: "17"}. */
public final class EntityTags {

    /** Tokens stay below 2^53, so that every JSON reader has them exactly. */
    public static final long MAX_TOKEN = (1L << 53) - 1;

    private EntityTags() {}

    /** Returns the token that a strong entity tag names, or nothing when it names none. */
    public static OptionalLong token(String tag) {
        if (!tag.matches("\"[1-9][0-9]{0,15}\"")) {
            return OptionalLong.empty();
        }
        long token = Long.parseLong(tag.substring(1, tag.length() - 1));
        return token <= MAX_TOKEN ? OptionalLong.of(token) : OptionalLong.empty();
    }
}
