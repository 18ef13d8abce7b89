package io.holdfast.api;

/** The bounds of fencing tokens, which every JSON library can read as a number without loss. */
public final class Tokens {

    /** The greatest token, 2^53 - 1. */
    public static final long MAX = (1L << 53) - 1;

    private Tokens() {}

    /** Returns whether a number can be a token. */
    public static boolean isToken(long value) {
        return value >= 1 && value <= MAX;
    }

    /** Returns the entity tag of a grant with this token, as {@code If-Match} and {@code ETag} have it. */
    public static String entityTag(long token) {
        return "\"" + token + "\"";
    }
}
