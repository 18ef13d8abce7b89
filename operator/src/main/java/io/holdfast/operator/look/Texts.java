package io.holdfast.operator.look;

import org.jspecify.annotations.Nullable;

/** Texts of others as they may be repeated: one line, of a bounded length. */
public final class Texts {

    /** Characters of a text at most. */
    public static final int CHARS_MAX = 512;

    private Texts() {}

    /** Returns a text as one line of at most {@link #CHARS_MAX} characters. */
    public static String line(@Nullable String text) {
        if (text == null) {
            return "";
        }
        String cut = text.length() <= 4 * CHARS_MAX ? text : text.substring(0, 4 * CHARS_MAX);
        String line = cut.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        if (line.length() <= CHARS_MAX && cut.length() == text.length()) {
            return line;
        }
        int end = Math.min(line.length(), CHARS_MAX - 1);
        boolean half = end > 0 && Character.isHighSurrogate(line.charAt(end - 1));
        return line.substring(0, half ? end - 1 : end) + "…";
    }

    /** Returns what an exception says, as one line; its kind when it says nothing. */
    public static String line(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : line(message);
    }
}
