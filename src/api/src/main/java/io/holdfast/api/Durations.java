package io.holdfast.api;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Durations as the API writes them: {@code 500ms}, {@code 15s}, {@code 2m}, {@code 1h}, or ISO-8601 with hours, minutes
 * and seconds to the millisecond ({@code PT1H30M}, {@code PT0.5S}).
 *
 * <p>Strict: no sign, no space, no other unit, ASCII digits only, at most nine of them, so nothing can overflow.
 */
public final class Durations {

    /** What a message says about the form. */
    public static final String FORM = "a duration such as 500ms, 15s, 2m, 1h or PT15S";

    private static final long NUMBER_MAX = 999_999_999;
    private static final Pattern SHORT = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final Pattern ISO =
            Pattern.compile("PT(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})(?:\\.([0-9]{1,3}))?S)?");

    private Durations() {}

    /** Returns the duration, or nothing when the text is none. */
    public static Optional<Duration> parse(String text) {
        Matcher brief = SHORT.matcher(text);
        if (brief.matches()) {
            return Optional.of(of(Long.parseLong(brief.group(1)), brief.group(2)));
        }
        Matcher iso = ISO.matcher(text);
        if (iso.matches()) {
            return Optional.of(Duration.ofHours(number(iso.group(1)))
                    .plusMinutes(number(iso.group(2)))
                    .plusSeconds(number(iso.group(3)))
                    .plusMillis(millis(iso.group(4))));
        }
        return Optional.empty();
    }

    /**
     * Returns the duration.
     *
     * @throws IllegalArgumentException when the text is none
     */
    public static Duration require(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("must be " + FORM + ": " + text));
    }

    /**
     * Returns the shortest form of whole milliseconds that {@link #parse} reads back as the same time.
     *
     * @throws IllegalArgumentException when it is negative, has parts of a millisecond, or is too long to be written
     */
    public static String text(Duration duration) {
        if (duration.isNegative() || duration.toNanosPart() % 1_000_000 != 0) {
            throw new IllegalArgumentException("not whole milliseconds of 0 or more: " + duration);
        }
        long seconds = duration.toSeconds();
        if (duration.toMillisPart() != 0) {
            long millis = seconds > NUMBER_MAX ? Long.MAX_VALUE : duration.toMillis();
            return millis <= NUMBER_MAX ? millis + "ms" : inSeconds(seconds) + "." + fraction(duration) + "S";
        }
        if (seconds <= NUMBER_MAX) {
            return seconds + "s";
        }
        if (seconds % 3600 == 0 && seconds / 3600 <= NUMBER_MAX) {
            return seconds / 3600 + "h";
        }
        throw new IllegalArgumentException("too long to be written: " + duration);
    }

    private static String inSeconds(long seconds) {
        if (seconds > NUMBER_MAX) {
            throw new IllegalArgumentException("too long to be written: " + seconds + " s");
        }
        return "PT" + seconds;
    }

    private static String fraction(Duration duration) {
        return Integer.toString(1000 + duration.toMillisPart()).substring(1);
    }

    private static Duration of(long amount, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private static long millis(@Nullable String fraction) {
        return fraction == null ? 0 : Long.parseLong((fraction + "00").substring(0, 3));
    }
}
