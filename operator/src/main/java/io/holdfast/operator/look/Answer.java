package io.holdfast.operator.look;

import io.holdfast.api.Problem;
import java.util.Optional;

/**
 * What became of one request to the service.
 *
 * @param <T> what the service answers when it does not refuse
 */
public sealed interface Answer<T> {

    /** The service did, or said, what it was asked for. */
    record Given<T>(T answer) implements Answer<T> {}

    /** The service refused, in its own words. */
    record Refused<T>(Problem problem) implements Answer<T> {}

    /**
     * There was no answer, or one that cannot be. Whether a change was made is not known.
     *
     * @param reason for people, one line
     */
    record None<T>(String reason) implements Answer<T> {}

    /** Returns what was given; nothing when the service refused or did not answer. */
    default Optional<T> value() {
        return this instanceof Given<T> given ? Optional.of(given.answer()) : Optional.empty();
    }

    /** Returns why nothing was given, in one line; empty when something was. */
    default String why() {
        if (this instanceof Refused<T> refused) {
            return words(refused.problem());
        }
        return this instanceof None<T> none ? none.reason() : "";
    }

    /** Returns the last part of the problem's type; empty when the service did not refuse. */
    default String slug() {
        return this instanceof Refused<T> refused ? Texts.line(refused.problem().slug()) : "";
    }

    private static String words(Problem problem) {
        String detail = problem.detail() != null ? problem.detail() : problem.title();
        return Texts.line(problem.slug() + (detail == null ? "" : ": " + detail));
    }
}
