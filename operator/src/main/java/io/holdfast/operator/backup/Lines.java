package io.holdfast.operator.backup;

import org.jspecify.annotations.Nullable;

/** Texts of others as they may be repeated in a message. */
final class Lines {

    private Lines() {}

    /** Returns a text as one line of so many characters at most. */
    static String shorter(@Nullable String text, int charsMax) {
        if (text == null) {
            return "";
        }
        String cut = text.length() <= 4 * charsMax ? text : text.substring(0, 4 * charsMax);
        String line = cut.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        if (line.length() <= charsMax) {
            return line;
        }
        int end = Character.isHighSurrogate(line.charAt(charsMax - 2)) ? charsMax - 2 : charsMax - 1;
        return line.substring(0, end) + "…";
    }
}
