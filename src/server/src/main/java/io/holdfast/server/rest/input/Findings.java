package io.holdfast.server.rest.input;

import io.holdfast.api.Metadata;
import io.holdfast.api.Problem.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is wrong with one body, collected field by field. Used by one thread. */
final class Findings {

    private static final String ABSENT = "must be given";

    private final List<Violation> found = new ArrayList<>();
    private final String place;

    /** Creates an empty one for a whole body. */
    Findings() {
        this("");
    }

    private Findings(String place) {
        this.place = place;
    }

    List<Violation> all() {
        return found;
    }

    void add(String field, String problem) {
        found.add(new Violation(place + field, problem));
    }

    /** Collects what is wrong with a part of the body, such as {@code locks[2]}. */
    void within(String part, Consumer<Findings> rules) {
        Findings there = new Findings(place + part + ".");
        rules.accept(there);
        found.addAll(there.found);
    }

    /** Requires a value, and checks it. */
    <T> void given(String field, @Nullable T value, Function<T, Optional<String>> rule) {
        if (value == null) {
            add(field, ABSENT);
        } else {
            optional(field, value, rule);
        }
    }

    /** Checks a value if there is one. */
    <T> void optional(String field, @Nullable T value, Function<T, Optional<String>> rule) {
        if (value != null) {
            rule.apply(value).ifPresent(problem -> add(field, problem));
        }
    }

    /** Checks the form of metadata if there is any. */
    void metadata(@Nullable Metadata value) {
        optional("metadata", value, metadata -> Texts.metadata(metadata.json()));
    }

    /** Returns the rule that a number is from 1 to {@code max}. */
    static <N extends Number> Function<N, Optional<String>> upTo(long max, String problem) {
        return value -> value.longValue() >= 1 && value.longValue() <= max ? Optional.empty() : Optional.of(problem);
    }

    /** Returns the rule that a text is one of some words. */
    static Function<String, Optional<String>> oneOf(Pattern words, String problem) {
        return value -> words.matcher(value).matches() ? Optional.empty() : Optional.of(problem);
    }

    /** Returns the rule that a text is a duration of at most {@code max}. */
    static Function<String, Optional<String>> duration(String min, String max) {
        return value -> Texts.duration(value, min, max);
    }
}
