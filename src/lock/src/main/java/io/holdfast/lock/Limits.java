package io.holdfast.lock;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of every field of a command, and the sentence that says which one is broken.
 *
 * <p>Each {@code …Problem} method answers null when all is well, else one sentence for the person who sent the value.
 */
public final class Limits {

    /** Highest fencing token: every JSON client can hold it (2^53 - 1). */
    public static final long TOKEN_MAX = (1L << 53) - 1;

    /** Characters of a lock name. */
    public static final int LOCK_NAME_CHARS = 512;

    /** Characters of a session name; it may be empty. */
    public static final int SESSION_NAME_CHARS = 512;

    /** Characters of a grant id or a session key. */
    public static final int ID_CHARS = 128;

    /** Bytes of metadata in UTF-8; it may be empty, and is opaque here. */
    public static final int METADATA_BYTES = 4096;

    public static final long TTL_MIN_MILLIS = 500;
    public static final long TTL_MAX_MILLIS = 24L * 3600 * 1000;

    /** A wait of 0 is a try. */
    public static final long WAIT_MAX_MILLIS = 24L * 3600 * 1000;

    /** How long a lock may stay closed after an expiry: a minute, as in Chubby and Consul. */
    public static final long LOCK_DELAY_MAX_MILLIS = 60_000;

    /** How long a lock may stay closed after a release that asked for it. */
    public static final long CLOSED_MAX_MILLIS = 24L * 3600 * 1000;

    /** How long a wish to yield may stand, or a break may be announced. */
    public static final long NOTICE_MAX_MILLIS = 24L * 3600 * 1000;

    /** Characters of the reason of a break, and of who does it. */
    public static final int REASON_CHARS = 256;

    /** Characters of the principal that a command is asked for by: of two names of Kubernetes, and what joins them. */
    public static final int PRINCIPAL_CHARS = 512;

    /** Locks that one ticket may be for. */
    public static final int LOCKS_PER_GRANT = 64;

    /** Permits of a semaphore. */
    public static final int PERMITS_MAX = 10_000;

    /** Processes that a session remembers as those which it was taken over from. */
    static final int SUPERSEDED_MAX = 8;

    /** Holders named with a lock: all of one that is not shared, the first of one that is. */
    public static final int HOLDERS_SHOWN = 100;

    /** Holders named with a lock in a listing. */
    public static final int HOLDERS_LISTED = 10;

    /** Entries that one page of a listing looks at. */
    public static final int LOOKS_PER_PAGE = 2_000;

    /**
     * Sessions or tickets in one expiry, so that no transaction stops the table for long (protocol.md#t8,
     * protocol.md#x08).
     */
    public static final int EXPIRY_ITEMS = 1000;

    /** The least that the table's quota in bytes is set to. */
    public static final long STATE_BYTES_MIN = 1L << 20;

    private Limits() {}

    /**
     * Says what is wrong with the name of a lock: segments of letters, digits, {@code ._:@-} and escapes, joined by
     * single slashes. An escape is {@code ~XX}, two upper-case hexadecimal digits, for one byte in UTF-8 of a character
     * that is none of these; a character has one way to be written, so that two names are never one.
     */
    public static @Nullable String lockNameProblem(String name) {
        if (name.isEmpty() || name.length() > LOCK_NAME_CHARS) {
            return "a lock name has 1 to " + LOCK_NAME_CHARS + " characters, this one has " + name.length();
        }
        int start = 0;
        for (int i = 0; i <= name.length(); i++) {
            if (i == name.length() || name.charAt(i) == '/') {
                if (i == start) {
                    return "a lock name has no empty segment: no slash at its start or end, and none beside another";
                }
                if (i == start + 1 && name.charAt(start) == '-') {
                    return "the segment '-' is reserved";
                }
                start = i + 1;
            } else if (name.charAt(i) == Escapes.MARK) {
                int end = Escapes.endOf(name, i);
                if (end < 0) {
                    return "a lock name has ~ only as ~XX for each byte in UTF-8 of a character that it cannot have"
                            + " else, in upper-case hexadecimal; at index " + i + " there is something else";
                }
                i = end - 1;
            } else if (!isNameCharacter(name.charAt(i))) {
                return "a lock name has only A-Z a-z 0-9 . _ : @ - ~XX and slashes; the character at index " + i
                        + " is another";
            }
        }
        return null;
    }

    /** Returns what is wrong with the beginning of the name of a lock; it may end inside an escape. */
    public static @Nullable String lockPrefixProblem(String prefix) {
        if (prefix.length() > LOCK_NAME_CHARS) {
            return "the beginning of a lock name has at most " + LOCK_NAME_CHARS + " characters, this one has "
                    + prefix.length();
        }
        if (prefix.startsWith("/") || prefix.contains("//")) {
            return "the beginning of a lock name has no empty segment";
        }
        for (int i = 0; i < prefix.length(); i++) {
            char c = prefix.charAt(i);
            if (!isNameCharacter(c) && c != '/' && c != Escapes.MARK) {
                return "a lock name has only A-Z a-z 0-9 . _ : @ - ~XX and slashes; the character at index " + i
                        + " is another";
            }
        }
        return null;
    }

    /** Returns whether a lock name has an escape, which is not known at all levels. */
    static boolean hasEscape(String name) {
        return name.indexOf(Escapes.MARK) >= 0;
    }

    /**
     * Says what is wrong with a grant id or a session key: 1 to {@link #ID_CHARS} of letters, digits and {@code ._:@-}.
     */
    public static @Nullable String idProblem(String id) {
        if (id.isEmpty() || id.length() > ID_CHARS) {
            return "an id has 1 to " + ID_CHARS + " characters, this one has " + id.length();
        }
        for (int i = 0; i < id.length(); i++) {
            if (!isNameCharacter(id.charAt(i))) {
                return "an id has only A-Z a-z 0-9 . _ : @ -; the character at index " + i + " is another";
            }
        }
        return null;
    }

    /** Returns what is wrong with the name of a session. */
    public static @Nullable String sessionNameProblem(String name) {
        if (name.length() > SESSION_NAME_CHARS) {
            return "a session name has at most " + SESSION_NAME_CHARS + " characters, this one has " + name.length();
        }
        for (int i = 0; i < name.length(); i++) {
            if (Character.isISOControl(name.charAt(i))) {
                return "a session name has no control characters; there is one at index " + i;
            }
        }
        return utf8Bytes(name) < 0 ? "a session name is well-formed Unicode" : null;
    }

    /** Returns what is wrong with metadata. */
    public static @Nullable String metadataProblem(String metadata) {
        if (metadata.length() > METADATA_BYTES) {
            return "metadata has at most " + METADATA_BYTES + " bytes in UTF-8, this has more";
        }
        int bytes = utf8Bytes(metadata);
        if (bytes < 0) {
            return "metadata is well-formed Unicode";
        }
        return bytes > METADATA_BYTES
                ? "metadata has at most " + METADATA_BYTES + " bytes in UTF-8, this has " + bytes
                : null;
    }

    /** Returns what is wrong with a session's ttl in milliseconds. */
    public static @Nullable String ttlProblem(long ttlMillis) {
        return ttlMillis < TTL_MIN_MILLIS || ttlMillis > TTL_MAX_MILLIS
                ? "a ttl is " + TTL_MIN_MILLIS + " to " + TTL_MAX_MILLIS + " ms, this one is " + ttlMillis
                : null;
    }

    /** Returns what is wrong with a lock-delay in milliseconds. */
    public static @Nullable String lockDelayProblem(long millis) {
        return millis < 0 || millis > LOCK_DELAY_MAX_MILLIS
                ? "a lock-delay is 0 to " + LOCK_DELAY_MAX_MILLIS + " ms, this one is " + millis
                : null;
    }

    /** Returns what is wrong with the time in milliseconds that a lock stays closed, whatever closed it. */
    static @Nullable String closedProblem(long millis) {
        return millis < 0 || millis > CLOSED_MAX_MILLIS
                ? "a lock stays closed for 0 to " + CLOSED_MAX_MILLIS + " ms, this one for " + millis
                : null;
    }

    /** Returns what is wrong with the token that a command names; 0 is any. */
    static @Nullable String tokenProblem(long token) {
        return token < 0 || token > TOKEN_MAX ? "a token is 1 to " + TOKEN_MAX + ", or 0 for any" : null;
    }

    /** Returns what is wrong with the number of items of an expiry. */
    static @Nullable String expiryProblem(int size) {
        return size < 1 || size > EXPIRY_ITEMS
                ? "an expiry has 1 to " + EXPIRY_ITEMS + " items, this one " + size
                : null;
    }

    /** Returns what is wrong with a drain, or with the time before a break, in milliseconds. */
    public static @Nullable String noticeProblem(long millis) {
        return millis < 0 || millis > NOTICE_MAX_MILLIS
                ? "a notice is given 0 to " + NOTICE_MAX_MILLIS + " ms ahead, this one " + millis
                : null;
    }

    /** Returns what is wrong with the reason of a break, or with the name of the caller that does it. */
    public static @Nullable String reasonProblem(String text) {
        if (text.length() > REASON_CHARS) {
            return "a reason or a name has at most " + REASON_CHARS + " characters, this one has " + text.length();
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return "a reason or a name has no control characters; there is one at index " + i;
            }
        }
        return utf8Bytes(text) < 0 ? "a reason or a name is well-formed Unicode" : null;
    }

    /** Returns what is wrong with a principal. */
    public static @Nullable String principalProblem(String text) {
        if (text.isEmpty() || text.length() > PRINCIPAL_CHARS) {
            return "a principal has 1 to " + PRINCIPAL_CHARS + " characters, this one has " + text.length();
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return "a principal has no control characters; there is one at index " + i;
            }
        }
        return utf8Bytes(text) < 0 ? "a principal is well-formed Unicode" : null;
    }

    /** Returns what is wrong with a wait in milliseconds. */
    public static @Nullable String waitProblem(long waitMillis) {
        return waitMillis < 0 || waitMillis > WAIT_MAX_MILLIS
                ? "a wait is 0 to " + WAIT_MAX_MILLIS + " ms, this one is " + waitMillis
                : null;
    }

    /** Returns what is wrong with the permits and the limit of a claim. */
    public static @Nullable String permitsProblem(Mode mode, int permits, int limit) {
        if (mode != Mode.SEMAPHORE) {
            return permits == 1 && limit == 0 ? null : "permits and limit are for semaphores only";
        }
        if (limit < 1 || limit > PERMITS_MAX) {
            return "the limit of a semaphore is 1 to " + PERMITS_MAX + ", this one is " + limit;
        }
        return permits < 1 || permits > limit
                ? "permits are 1 to the limit of the semaphore, which is " + limit + "; these are " + permits
                : null;
    }

    /** Returns what is wrong with the locks of one ticket: at least one, ordered by name, each name once. */
    public static @Nullable String claimsProblem(List<Claim> claims) {
        if (claims.isEmpty() || claims.size() > LOCKS_PER_GRANT) {
            return "a ticket is for 1 to " + LOCKS_PER_GRANT + " locks, this one for " + claims.size();
        }
        for (int i = 1; i < claims.size(); i++) {
            if (claims.get(i - 1).lock().compareTo(claims.get(i).lock()) >= 0) {
                return "the locks of a ticket are in the order of their names, each name once; "
                        + claims.get(i).lock() + " is not";
            }
        }
        return null;
    }

    /** Throws when there is a problem. */
    static void require(@Nullable String problem) {
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
    }

    static boolean isNameCharacter(char c) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (c >= '0' && c <= '9') || "._:@-".indexOf(c) >= 0;
    }

    /** Returns the length in UTF-8, or -1 when a surrogate stands alone: such text would not survive the codec. */
    private static int utf8Bytes(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes += 1;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (!Character.isSurrogate(c)) {
                bytes += 3;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                return -1;
            }
        }
        return bytes;
    }
}
