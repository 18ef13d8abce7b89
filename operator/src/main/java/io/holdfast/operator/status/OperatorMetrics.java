package io.holdfast.operator.status;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/** The metrics of the reconciler, of each cluster as it was looked at last. Any thread. */
public final class OperatorMetrics {

    private static final String PREFIX = "holdfast.operator.";

    private final MeterRegistry registry;
    private final Map<Of, List<Meter>> ofCluster = new ConcurrentHashMap<>();
    private final Map<Of, Wait> waits = new ConcurrentHashMap<>();

    private record Of(String namespace, String name) {}

    private record Wait(String reason, long sinceNanos) {}

    /** Creates them. */
    public OperatorMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Counts an action that was done. */
    public void acted(String action) {
        registry.counter(PREFIX + "actions", "action", action).increment();
    }

    /** Adds the time of a look. */
    public void looked(Duration took) {
        registry.timer(PREFIX + "look").record(took);
    }

    /**
     * What one cluster's gauges show from now on.
     *
     * @param conditions by type: 1 when true
     * @param members by role and whether they are in step
     * @param waiting reason of the wait; empty when nothing waits
     * @param initialized whether all voters were there once: before, there is no quorum to miss
     */
    public record Shown(
            Map<String, Integer> conditions, Map<InStep, Integer> members, String waiting, boolean initialized) {}

    /**
     * A group of members.
     *
     * @param role {@code voter} or {@code observer}
     * @param inStep whether they are in step
     */
    public record InStep(String role, boolean inStep) {}

    /** Replaces what is shown of a cluster. */
    public synchronized void show(String namespace, String name, Shown shown) {
        Of cluster = new Of(namespace, name);
        Tags tags = Tags.of("namespace", namespace, "cluster", name);
        List<Meter> gauges = new ArrayList<>();
        remove(cluster);
        shown.conditions()
                .forEach((type, value) -> gauges.add(gauge("condition", tags.and(Tag.of("type", type)), () -> value)));
        shown.members()
                .forEach((group, count) -> gauges.add(gauge(
                        "members",
                        tags.and("role", group.role(), "in_step", Boolean.toString(group.inStep())),
                        () -> count)));
        gauges.add(gauge("initialized", tags, () -> shown.initialized() ? 1 : 0));
        Wait before = waits.get(cluster);
        if (shown.waiting().isEmpty()) {
            waits.remove(cluster);
        } else {
            Wait wait = before != null && before.reason().equals(shown.waiting())
                    ? before
                    : new Wait(shown.waiting(), registry.config().clock().monotonicTime());
            waits.put(cluster, wait);
            gauges.add(gauge(
                    "waiting.seconds",
                    tags.and(Tag.of("reason", wait.reason())),
                    () -> (registry.config().clock().monotonicTime() - wait.sinceNanos()) / 1e9));
        }
        ofCluster.put(cluster, gauges);
    }

    /** Shows nothing of a cluster any more. */
    public synchronized void forget(String namespace, String name) {
        Of cluster = new Of(namespace, name);
        remove(cluster);
        waits.remove(cluster);
    }

    /** Shows nothing any more of clusters that do not exist. */
    public void retain(BiPredicate<String, String> exists) {
        for (Of cluster : List.copyOf(ofCluster.keySet())) {
            if (!exists.test(cluster.namespace(), cluster.name())) {
                forget(cluster.namespace(), cluster.name());
            }
        }
    }

    private void remove(Of cluster) {
        List<Meter> gauges = ofCluster.remove(cluster);
        if (gauges != null) {
            gauges.forEach(registry::remove);
        }
    }

    private Gauge gauge(String name, Tags tags, Supplier<Number> value) {
        return Gauge.builder(PREFIX + name, value)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }
}
