package io.holdfast.server.metrics;

import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.node.NodeMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Meters of the replication layer: how long its steps take, and what fails. */
@Singleton
final class NodeMeters implements NodeMetrics {

    private final Timer fsync;
    private final DistributionSummary batch;
    private final Timer commit;
    private final Timer read;
    private final Timer touch;
    private final Timer election;
    private final Timer snapshot;
    private final Counter snapshotsFailed;
    private final Counter linksEnded;
    private final Counter incidents;
    private final Counter scrubbed;
    private final Counter damage;
    private final Counter stateDiffers;
    private final Map<RequestFailure, Counter> failures = new EnumMap<>(RequestFailure.class);

    @Inject
    NodeMeters(MeterRegistry registry) {
        fsync = timer(registry, "holdfast.log.fsync", "Append and fsync of one batch of log records");
        batch = DistributionSummary.builder("holdfast.log.batch")
                .description("Log records that share an fsync")
                .baseUnit("records")
                .serviceLevelObjectives(1, 10, 100, 1_000, 10_000)
                .register(registry);
        commit = timer(registry, "holdfast.commit", "A write of this node's clients, from submission until applied");
        read = timer(registry, "holdfast.read.index", "A linearizable read of this node's clients, until confirmed");
        touch = timer(registry, "holdfast.keepalive", "A batch of keepalives of this node's clients, until confirmed");
        election = timer(registry, "holdfast.election", "Time without being in step with a leader");
        snapshot = Timer.builder("holdfast.snapshot")
                .description("Making one snapshot")
                .serviceLevelObjectives(Buckets.LONG)
                .register(registry);
        snapshotsFailed = Counter.builder("holdfast.snapshots.failed")
                .description("Snapshots for which the disk had no room")
                .register(registry);
        linksEnded = Counter.builder("holdfast.links.ended")
                .description("Replication links that ended")
                .register(registry);
        stateDiffers = Counter.builder("holdfast.state.differs")
                .description("Members whose state was another than this leader's after the same transactions")
                .register(registry);
        scrubbed = Counter.builder("holdfast.disk.scrubbed")
                .description("Bytes of segments and snapshots that were read again to find rot")
                .baseUnit("bytes")
                .register(registry);
        damage = Counter.builder("holdfast.disk.damage")
                .description("Files of the data directory that were whole and were found damaged")
                .register(registry);
        incidents = Counter.builder("holdfast.incidents")
                .description("Errors of this node's own that it went on after; each kind is in the log once")
                .register(registry);
        for (RequestFailure failure : RequestFailure.values()) {
            failures.put(
                    failure,
                    Counter.builder("holdfast.requests.failed")
                            .description("Requests of this node's clients without an answer")
                            .tag("reason", slug(failure))
                            .register(registry));
        }
    }

    /** As problems of the API are called. */
    private static String slug(RequestFailure failure) {
        return failure.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Timer timer(MeterRegistry registry, String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(Buckets.SHORT)
                .register(registry);
    }

    @Override
    public void logSynced(int records, long nanos) {
        fsync.record(nanos, TimeUnit.NANOSECONDS);
        batch.record(records);
    }

    @Override
    public void requestApplied(long nanos) {
        commit.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void requestFailed(RequestFailure failure) {
        Counter counter = failures.get(failure);
        if (counter != null) {
            counter.increment();
        }
    }

    @Override
    public void readServed(long nanos) {
        read.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void touchConfirmed(long nanos) {
        touch.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void electionEnded(long nanos) {
        election.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void snapshotTaken(int txns, long nanos) {
        snapshot.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void stateDiffers() {
        stateDiffers.increment();
    }

    @Override
    public void scrubbed(long bytes) {
        scrubbed.increment((double) bytes);
    }

    @Override
    public void damageFound() {
        damage.increment();
    }

    @Override
    public void incident() {
        incidents.increment();
    }

    @Override
    public void snapshotFailed() {
        snapshotsFailed.increment();
    }

    @Override
    public void linkEnded() {
        linksEnded.increment();
    }
}
