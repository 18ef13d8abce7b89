package io.holdfast.server.rest.problem;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A failure as RFC 9457 describes it, before it is written.
 *
 * @param type its kind, which gives type, title and status
 * @param detail for people: what happened here and what to do next
 * @param members what clients may read beyond the standard members, in order
 * @param headers further headers of the answer, such as {@code Retry-After}
 */
public record Problem(ProblemType type, String detail, Map<String, Object> members, Map<String, String> headers) {

    /** The media type of every problem. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** Bound of the violations in one answer: a client that sent more learns the rest after it repaired these. */
    static final int MAX_VIOLATIONS = 20;

    public static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, Map.of(), Map.of());
    }

    /** Makes an {@code invalid-request} of what is wrong, ordered by field. */
    public static Problem invalid(List<Violation> violations) {
        List<Violation> sorted = new ArrayList<>(violations);
        sorted.sort(Comparator.comparing(Violation::field).thenComparing(Violation::message));
        List<Violation> shown = sorted.subList(0, Math.min(sorted.size(), MAX_VIOLATIONS));
        Violation first = shown.get(0);
        String more = sorted.size() == 1 ? "" : " (and " + (sorted.size() - 1) + " more)";
        return of(ProblemType.INVALID_REQUEST, first.field() + ": " + first.message() + more)
                .with("violations", List.copyOf(shown));
    }

    public static Problem invalid(String field, String message) {
        return invalid(List.of(new Violation(field, message)));
    }

    /** Returns this problem with one more member. */
    public Problem with(String member, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(members);
        more.put(member, value);
        return new Problem(type, detail, more, headers);
    }

    /** Returns this problem with one more header. */
    public Problem header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Problem(type, detail, members, more);
    }

    /** Returns this problem with the time after which a retry has a chance. */
    public Problem retryAfter(long seconds) {
        return header("Retry-After", Long.toString(Math.max(1, seconds)));
    }

    /**
     * Returns the members of the JSON document, in order.
     *
     * @param instance path of the request
     */
    Map<String, Object> document(String instance) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("type", type.urn());
        document.put("title", type.title());
        document.put("status", type.status());
        document.put("detail", detail);
        document.put("instance", instance);
        document.putAll(members);
        return document;
    }
}
