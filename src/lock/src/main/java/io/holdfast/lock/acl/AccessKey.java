package io.holdfast.lock.acl;

/**
 * What is known of an access key: never the key itself.
 *
 * @param id public part of the key
 * @param name of the principal that it proves, behind {@code key:}; two keys may have one name
 * @param hash SHA-256 of the key, 64 lower-case hexadecimal digits
 * @param createdAtMillis milliseconds since 1970 by the wall clock of the server that made it
 * @param expiresAtMillis from when on it proves nothing
 */
public record AccessKey(String id, String name, String hash, long createdAtMillis, long expiresAtMillis) {

    /** Characters of the hash. */
    public static final int HASH_CHARS = 64;

    /** Checks the bounds. */
    public AccessKey {
        Names.requireName("id", id);
        Names.requireName("name", name);
        boolean fits = hash.length() == HASH_CHARS;
        for (int i = 0; fits && i < HASH_CHARS; i++) {
            fits = "0123456789abcdef".indexOf(hash.charAt(i)) >= 0;
        }
        if (!fits) {
            throw new InvalidAclException("hash", "is a SHA-256: 64 lower-case hexadecimal digits");
        }
        if (expiresAtMillis <= createdAtMillis) {
            throw new InvalidAclException("expires", "is later than now");
        }
    }
}
