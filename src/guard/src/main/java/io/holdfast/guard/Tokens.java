package io.holdfast.guard;

/** What a resource's name and a fencing token may be, the same in memory and in every database. */
public final class Tokens {

    /** Length of a resource's name, in UTF-16 units. */
    public static final int RESOURCE_LENGTH = 512;

    /** Highest fencing token that Holdfast gives: each one is exact as a JSON number. */
    public static final long MAX = (1L << 53) - 1;

    private Tokens() {}

    /**
     * Checks the arguments of a write.
     *
     * @throws IllegalArgumentException if the name is empty, longer than {@value #RESOURCE_LENGTH} or has control
     *     characters, or the token is not between 1 and {@link #MAX}
     */
    public static void check(String resource, long token) {
        if (resource.isEmpty() || resource.length() > RESOURCE_LENGTH) {
            throw new IllegalArgumentException(
                    "a resource's name has 1 to " + RESOURCE_LENGTH + " characters, not " + resource.length());
        }
        if (resource.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a resource's name has no control characters");
        }
        if (token < 1 || token > MAX) {
            throw new IllegalArgumentException("a fencing token is between 1 and " + MAX + ", not " + token);
        }
    }
}
