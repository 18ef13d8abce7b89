package io.holdfast.operator.backup;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as specifications have them: one number and one unit. */
final class Spans {

    private static final Pattern SPAN = Pattern.compile("([0-9]{1,6})(ms|s|m|h)");

    private Spans() {}

    /** Returns a duration; empty when the text is none. */
    static Optional<Duration> read(String text) {
        Matcher span = SPAN.matcher(text);
        if (!span.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(span.group(1));
        return Optional.of(
                switch (span.group(2)) {
                    case "ms" -> Duration.ofMillis(count);
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    default -> Duration.ofHours(count);
                });
    }
}
