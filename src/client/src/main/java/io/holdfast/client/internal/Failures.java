package io.holdfast.client.internal;

import io.holdfast.api.CycleStep;
import io.holdfast.api.Problem;
import io.holdfast.client.AccessException;
import io.holdfast.client.DeadlockException;
import io.holdfast.client.HoldfastException;
import io.holdfast.client.QuotaExceededException;
import io.holdfast.client.RefusedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes exceptions of what servers refuse. */
final class Failures {

    private Failures() {}

    /** Returns what an answer of 400 or more is to the caller. */
    static HoldfastException of(Reply reply) {
        String node = reply.node().toString();
        String words = words(reply);
        return switch (reply.status()) {
            case 401, 403 ->
                new AccessException(
                        words,
                        reply.slug(),
                        node,
                        reply.problem().map(Problem::verb).orElse(null),
                        reply.problem().map(Problem::lock).orElse(null));
            case 429 ->
                new QuotaExceededException(
                        words, reply.slug(), node, Duration.ofMillis(Caller.retryAfterMillis(reply.response())));
            default -> {
                List<CycleStep> cycle = reply.problem().map(Problem::cycle).orElse(null);
                yield reply.slug().equals("deadlock")
                        ? new DeadlockException(words, node, cycle == null ? List.of() : cycle)
                        : new RefusedException(words, reply.slug(), node, null);
            }
        };
    }

    private static String words(Reply reply) {
        Problem problem = reply.problem().orElse(null);
        if (problem == null) {
            return "an answer that is not expected here: " + reply.response();
        }
        StringBuilder words = new StringBuilder(problem.slug());
        append(words, problem.detail() == null ? problem.title() : problem.detail());
        List<Problem.Violation> violations = problem.violations();
        if (violations != null) {
            append(
                    words,
                    violations.stream()
                            .map(violation -> violation.field() + " " + violation.message())
                            .collect(Collectors.joining("; ")));
        }
        return words.toString();
    }

    private static void append(StringBuilder words, @Nullable String more) {
        if (more != null && !more.isEmpty()) {
            words.append(": ").append(more);
        }
    }

    /** Returns what a future failed with, without the wrapping of stages. */
    static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
