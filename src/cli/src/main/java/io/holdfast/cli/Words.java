package io.holdfast.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a server said, as people read it. */
final class Words {

    private Words() {}

    /** A text without what would steer a terminal: a session may have any name. */
    static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean steers = Character.isISOControl(c)
                    || type == Character.FORMAT
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR
                    || type == Character.SURROGATE;
            plain.appendCodePoint(steers ? '?' : c);
        });
        return plain.toString();
    }

    /** A time as its two largest units: {@code 350ms}, {@code 12s}, {@code 4m12s}, {@code 3h05m}, {@code 2d07h}. */
    static String time(long millis) {
        if (millis < 1000) {
            return millis + "ms";
        }
        Duration time = Duration.ofMillis(millis);
        if (time.toMinutes() == 0) {
            return time.toSeconds() + "s";
        }
        if (time.toHours() == 0) {
            return time.toMinutes() + "m" + two(time.toSecondsPart(), "s");
        }
        if (time.toDays() == 0) {
            return time.toHours() + "h" + two(time.toMinutesPart(), "m");
        }
        return time.toDays() + "d" + two(time.toHoursPart(), "h");
    }

    /** The same; empty when it is not known. */
    static String time(@Nullable Long millis) {
        return millis == null ? "" : time(millis.longValue());
    }

    private static String two(int number, String unit) {
        return (number < 10 ? "0" : "") + number + unit;
    }

    /** The name that its client gave a session, else its id. */
    static String session(@Nullable String name, String id) {
        return name == null || name.isEmpty() ? id : name;
    }
}
