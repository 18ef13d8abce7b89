package io.holdfast.server.metrics;

import io.holdfast.server.replica.LockMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Meters of locks and leases: what is asked for, how long it takes, and what expires. */
@Singleton
final class LockMeters implements LockMetrics {

    private static final Duration[] LONG = {
        Duration.ofMillis(10),
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        Duration.ofMinutes(10),
        Duration.ofHours(1),
        Duration.ofHours(24)
    };

    private final MeterRegistry registry;
    private final Map<String, Counter> outcomes = new ConcurrentHashMap<>();
    private final Timer waited;
    private final Timer held;
    private final Counter sessionsExpired;
    private final Counter waitsExpired;
    private final Timer paused;
    private final Timer lag;

    @Inject
    LockMeters(MeterRegistry registry) {
        this.registry = registry;
        waited = timer(
                "holdfast.grants.waited", "Time that granted tickets stood in line; measured at the leader", LONG);
        held = timer("holdfast.grants.held", "Time that grants held their locks; measured at the leader", LONG);
        paused = timer("holdfast.leases.paused", "Times by which a leader that stood still moved all leases", LONG);
        lag = timer(
                "holdfast.node.loop.lag", "How much later than due the node's event loop ran its ticks", Buckets.SHORT);
        sessionsExpired =
                counter("holdfast.sessions.expired", "Sessions that were not kept alive; counted at the leader");
        waitsExpired = counter("holdfast.waits.expired", "Tickets whose wait was over; counted at the leader");
    }

    private Timer timer(String name, String description, Duration[] buckets) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(buckets)
                .register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    @Override
    public void asked(String outcome) {
        outcomes.computeIfAbsent(
                        outcome,
                        each -> Counter.builder("holdfast.grants.asked")
                                .description("Acquires of this node's clients, by what became of them at first")
                                .tag("outcome", each)
                                .register(registry))
                .increment();
    }

    @Override
    public void waited(long millis) {
        waited.record(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void held(long millis) {
        held.record(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void sessionsExpired(int count) {
        sessionsExpired.increment(count);
    }

    @Override
    public void waitsExpired(int count) {
        waitsExpired.increment(count);
    }

    @Override
    public void leasesPaused(long nanos) {
        paused.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void lag(long nanos) {
        lag.record(nanos, TimeUnit.NANOSECONDS);
    }
}
