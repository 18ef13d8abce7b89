package io.holdfast.operator.paper.api;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** Requests that clients made, by what they call themselves. */
public final class Traffic {

    private final Map<String, AtomicLong> counts = new ConcurrentSkipListMap<>();

    /** @param request verb and resource, as {@code PATCH pods/status} */
    void count(String agent, String request) {
        counts.computeIfAbsent(agent + " " + request, each -> new AtomicLong()).incrementAndGet();
    }

    /** Requests of this client so far; watches that are open count once. */
    public long by(String agent) {
        return counts.entrySet().stream()
                .filter(each -> each.getKey().startsWith(agent))
                .mapToLong(each -> each.getValue().get())
                .sum();
    }

    /** Writes of this client so far. */
    public long writesBy(String agent) {
        return counts.entrySet().stream()
                .filter(each ->
                        each.getKey().startsWith(agent) && !each.getKey().contains(" GET "))
                .mapToLong(each -> each.getValue().get())
                .sum();
    }

    /** Requests of this client for this verb and resource, as {@code POST statefulsets}. */
    public long by(String agent, String request) {
        var count = counts.get(agent + " " + request);
        return count == null ? 0 : count.get();
    }

    /** A line for each client, verb and resource. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        counts.forEach(
                (what, count) -> text.append(count).append(' ').append(what).append('\n'));
        return text.toString();
    }
}
