package io.holdfast.server.replica;

import org.jspecify.annotations.Nullable;

/**
 * A value or a refusal, from the node's context to whoever asked.
 *
 * @param value null when refused
 * @param refused null when there is a value
 * @param <T> what was asked for
 */
record Outcome<T>(@Nullable T value, @Nullable Refused refused) {

    static <T> Outcome<T> of(T value) {
        return new Outcome<>(value, null);
    }

    static <T> Outcome<T> refused(Problem problem, String message, AppliedAt at) {
        return new Outcome<>(null, new Refused(problem, message, at, null));
    }

    static <T> Outcome<T> refused(Refused refused) {
        return new Outcome<>(null, refused);
    }

    /** Returns the value or throws the refusal. */
    T orThrow() {
        if (refused != null) {
            throw refused;
        }
        if (value == null) {
            throw new IllegalStateException("an outcome without value or refusal");
        }
        return value;
    }
}
