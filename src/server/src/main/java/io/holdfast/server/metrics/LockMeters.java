package io.holdfast.server.metrics;

import io.holdfast.server.replica.LockMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Meters of locks and leases: what is asked for, how long it takes, and what expires. */
@Singleton
final class LockMeters implements LockMetrics {

    private final Meters meters;
    private final Map<String, Counter> outcomes = new ConcurrentHashMap<>();
    private final Timer waited;
    private final Timer held;
    private final Counter sessionsExpired;
    private final Counter waitsExpired;
    private final Timer paused;
    private final Timer lag;

    @Inject
    LockMeters(Meters meters) {
        this.meters = meters;
        waited = meters.timer(
                "holdfast.grants.waited",
                "Time that granted tickets waited in the queue; measured at the leader",
                Buckets.LEASES);
        held = meters.timer(
                "holdfast.grants.held", "Time that grants held their locks; measured at the leader", Buckets.LEASES);
        paused = meters.timer(
                "holdfast.leases.paused", "Times by which a leader that stood still moved all leases", Buckets.LEASES);
        lag = meters.timer(
                "holdfast.node.loop.lag", "How much later than due the node's event loop ran its ticks", Buckets.SHORT);
        sessionsExpired =
                meters.counter("holdfast.sessions.expired", "Sessions that were not kept alive; counted at the leader");
        waitsExpired = meters.counter("holdfast.waits.expired", "Tickets whose wait was over; counted at the leader");
    }

    @Override
    public void asked(String outcome) {
        outcomes.computeIfAbsent(
                        outcome,
                        each -> meters.counter(
                                "holdfast.grants.asked",
                                "Acquires of this node's clients, by what became of them at first",
                                "outcome",
                                each))
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
