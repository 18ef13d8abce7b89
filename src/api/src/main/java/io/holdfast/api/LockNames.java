package io.holdfast.api;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of lock names and ids. A name has 1 to 512 characters: segments of {@code A-Z a-z 0-9 . _ : @ -} and
 * escapes, joined by single slashes, none of them {@code -} alone. An escape is {@code ~XX}, two upper-case hexadecimal
 * digits, for each byte in UTF-8 of a character that a name cannot have as it is ({@code ~} is {@code ~7E}); any other
 * use of {@code ~} is refused, so a name has one spelling.
 */
public final class LockNames {

    /** Characters of a name at most. */
    public static final int CHARS_MAX = 512;

    /** Characters of the id of a grant or a session, or of an idempotency key, at most. */
    public static final int ID_CHARS_MAX = 128;

    private static final char MARK = '~';
    private static final int ESCAPE_CHARS = 3;
    private static final String HEX = "0123456789ABCDEF";

    private LockNames() {}

    /** Says what is wrong with a name; null when nothing is. */
    public static @Nullable String problem(String name) {
        if (name.isEmpty() || name.length() > CHARS_MAX) {
            return "a lock name has 1 to " + CHARS_MAX + " characters, this one has " + name.length();
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
            } else if (!isPlain(name.charAt(i)) && name.charAt(i) != MARK) {
                return "a lock name has only A-Z a-z 0-9 . _ : @ - ~XX and slashes; the character at index " + i
                        + " is another";
            }
        }
        return name.indexOf(MARK) < 0 || isCanonical(name)
                ? null
                : "a lock name has ~ only as ~XX for each byte in UTF-8 of a character that it cannot have else, in"
                        + " upper-case hexadecimal";
    }

    /**
     * Returns the name.
     *
     * @throws IllegalArgumentException with what is wrong with it
     */
    public static String require(String name) {
        String problem = problem(name);
        if (problem != null) {
            throw new IllegalArgumentException(problem + ": " + name);
        }
        return name;
    }

    /** Says what is wrong with the id of a grant or a session, or with an idempotency key; null when nothing is. */
    public static @Nullable String idProblem(String id) {
        if (id.isEmpty() || id.length() > ID_CHARS_MAX) {
            return "an id has 1 to " + ID_CHARS_MAX + " characters, this one has " + id.length();
        }
        for (int i = 0; i < id.length(); i++) {
            if (!isPlain(id.charAt(i))) {
                return "an id has only A-Z a-z 0-9 . _ : @ -; the character at index " + i + " is another";
            }
        }
        return null;
    }

    /**
     * Returns the canonical escaped form of any text, slashes as they are; different texts have different forms.
     *
     * @throws IllegalArgumentException when the text has half a surrogate pair
     */
    public static String escape(String text) {
        StringBuilder name = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int c = text.codePointAt(i);
            if (c == '/' || (c < 0x80 && isPlain((char) c))) {
                name.append((char) c);
            } else if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                throw new IllegalArgumentException("half a surrogate pair at index " + i);
            } else {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    name.append(MARK).append(HEX.charAt((b >> 4) & 0xF)).append(HEX.charAt(b & 0xF));
                }
            }
        }
        return name.toString();
    }

    /**
     * Returns the text that a name is the escaped form of.
     *
     * @throws IllegalArgumentException when it has an escape that is not canonical
     */
    public static String unescape(String name) {
        String text = decode(name);
        if (text == null || !escape(text).equals(name)) {
            throw new IllegalArgumentException("not in canonical escapes: " + name);
        }
        return text;
    }

    private static boolean isCanonical(String name) {
        String text = decode(name);
        return text != null && escape(text).equals(name);
    }

    /** Returns the text whose bytes in UTF-8 the escapes and the other characters are; null when they are of none. */
    private static @Nullable String decode(String name) {
        ByteBuffer bytes = ByteBuffer.allocate(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 0x80) {
                return null;
            }
            if (c != MARK) {
                bytes.put((byte) c);
                continue;
            }
            if (i + ESCAPE_CHARS > name.length()) {
                return null;
            }
            int high = HEX.indexOf(name.charAt(i + 1));
            int low = HEX.indexOf(name.charAt(i + 2));
            if (high < 0 || low < 0) {
                return null;
            }
            bytes.put((byte) (high << 4 | low));
            i += ESCAPE_CHARS - 1;
        }
        try {
            CharBuffer text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(bytes.flip());
            return text.toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static boolean isPlain(char c) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (c >= '0' && c <= '9') || "._:@-".indexOf(c) >= 0;
    }
}
