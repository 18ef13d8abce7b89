package io.holdfast.server.rest.problem;

import io.holdfast.api.Problem.Draft;
import io.holdfast.api.Problem.Violation;
import io.holdfast.api.ProblemType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A failure as a response, before the path of its request is known: the document of {@link io.holdfast.api.Problem},
 * and headers.
 *
 * @param type its kind, which gives type, title and status
 * @param detail for people: what happened here and what to do next
 * @param particulars what clients may read beyond that
 * @param headers further headers of the answer, such as {@code Retry-After}
 */
public record Problem(ProblemType type, String detail, Consumer<Draft> particulars, Map<String, String> headers) {

    /** Bound of the violations in one answer: a client that sent more learns the rest after it repaired these. */
    static final int MAX_VIOLATIONS = 20;

    public static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, draft -> {}, Map.of());
    }

    /** Makes an {@code invalid-request} of what is wrong, ordered by field. */
    public static Problem invalid(List<Violation> violations) {
        List<Violation> sorted = new ArrayList<>(violations);
        sorted.sort(Comparator.comparing(Violation::field).thenComparing(Violation::message));
        List<Violation> shown = sorted.subList(0, Math.min(sorted.size(), MAX_VIOLATIONS));
        Violation first = shown.get(0);
        String more = sorted.size() == 1 ? "" : " (and " + (sorted.size() - 1) + " more)";
        return of(ProblemType.INVALID_REQUEST, first.field() + ": " + first.message() + more)
                .with(draft -> draft.violations(shown));
    }

    public static Problem invalid(String field, String message) {
        return invalid(List.of(new Violation(field, message)));
    }

    /** Makes a {@code rate-limited}. */
    public static Problem rateLimited(String detail, long seconds) {
        return of(ProblemType.RATE_LIMITED, detail).retryAfter(seconds);
    }

    /** Makes a {@code not-audited}. */
    public static Problem notAudited() {
        return of(
                        ProblemType.NOT_AUDITED,
                        "This node cannot write its record of requests now, and does nothing that must be in it; ask"
                                + " another node, or have an operator look at holdfast.audit.file.")
                .retryAfter(5);
    }

    /** Returns this problem with more that clients may read. */
    public Problem with(Consumer<Draft> more) {
        return new Problem(type, detail, particulars.andThen(more), headers);
    }

    /** Returns this problem with one more header. */
    public Problem header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Problem(type, detail, particulars, more);
    }

    /** Returns this problem with the time after which a retry has a chance. */
    public Problem retryAfter(long seconds) {
        return header("Retry-After", Long.toString(Math.max(1, seconds)));
    }

    /**
     * Returns the document.
     *
     * @param instance path of the request
     */
    io.holdfast.api.Problem document(String instance) {
        Draft draft = io.holdfast.api.Problem.of(type, detail);
        particulars.accept(draft);
        return draft.build(instance);
    }
}
