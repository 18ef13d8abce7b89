package io.holdfast.lock;

/**
 * The escapes of lock names: {@code ~XX}, two upper-case hexadecimal digits, for each byte in UTF-8 of a character that
 * a name cannot have as it is. Only the canonical form counts, so every name has one spelling.
 */
final class Escapes {

    static final char MARK = '~';

    /** Characters of an escape of one byte. */
    private static final int LENGTH = 3;

    private static final int BYTES_MAX = 4;

    /** The least code point that needs so many bytes. */
    private static final int[] LEAST = {0, 0, 0x80, 0x800, 0x1_0000};

    private Escapes() {}

    /**
     * Returns where the escape of one character ends.
     *
     * @param start where its first {@link #MARK} is
     * @return the index behind it; -1 when it is no escape, or not the canonical one
     */
    static int endOf(String name, int start) {
        int first = byteAt(name, start);
        int bytes = first < 0 ? 0 : length(first);
        if (bytes == 0) {
            return -1;
        }
        int codePoint = bytes == 1 ? first : first & (0x7F >> bytes);
        for (int i = 1; i < bytes; i++) {
            int next = byteAt(name, start + i * LENGTH);
            if (next < 0 || (next & 0xC0) != 0x80) {
                return -1;
            }
            codePoint = codePoint << 6 | (next & 0x3F);
        }
        return isCanonical(codePoint, bytes) ? start + bytes * LENGTH : -1;
    }

    private static boolean isCanonical(int codePoint, int bytes) {
        if (codePoint < LEAST[bytes] || codePoint > Character.MAX_CODE_POINT) {
            return false;
        }
        if (bytes == 1) {
            return codePoint != '/' && !Limits.isNameCharacter((char) codePoint);
        }
        return codePoint > Character.MAX_VALUE || !Character.isSurrogate((char) codePoint);
    }

    /** Returns how many bytes a character has that begins with this one; 0 when none does. */
    private static int length(int first) {
        if (first < 0x80) {
            return 1;
        }
        int ones = Integer.numberOfLeadingZeros(~(first << 24));
        return ones < 2 || ones > BYTES_MAX ? 0 : ones;
    }

    private static int byteAt(String name, int index) {
        if (index + LENGTH > name.length() || name.charAt(index) != MARK) {
            return -1;
        }
        int high = digit(name.charAt(index + 1));
        int low = digit(name.charAt(index + 2));
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    private static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    }
}
