package io.holdfast.server.metrics;

import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.node.NodeMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
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
    NodeMeters(Meters meters) {
        fsync = timer(meters, "holdfast.log.fsync", "Append and fsync of one batch of log records");
        batch = meters.sizes(
                "holdfast.log.batch.records", "Log records that share an fsync", 1, 10, 100, 1_000, 10_000);
        commit = timer(meters, "holdfast.commit", "A write of this node's clients, from submission until applied");
        read = timer(meters, "holdfast.read.index", "A linearizable read of this node's clients, until confirmed");
        touch = timer(meters, "holdfast.keepalive", "A batch of keepalives of this node's clients, until confirmed");
        election = timer(meters, "holdfast.election", "Time without being in step with a leader");
        snapshot = meters.timer("holdfast.snapshot", "Making one snapshot", Buckets.LONG);
        snapshotsFailed = meters.counter("holdfast.snapshots.failed", "Snapshots for which the disk had no room");
        linksEnded = meters.counter("holdfast.links.ended", "Replication links that ended");
        stateDiffers = meters.counter(
                "holdfast.state.differs",
                "Members whose state was another than this leader's after the same transactions");
        scrubbed = meters.counter(
                "holdfast.disk.scrubbed.bytes", "Bytes of segments and snapshots that were read again to find rot");
        damage = meters.counter(
                "holdfast.disk.damage", "Files of the data directory that were whole and were found damaged");
        incidents = meters.counter(
                "holdfast.incidents", "Errors of this node's own that it went on after; each kind is in the log once");
        for (RequestFailure failure : RequestFailure.values()) {
            failures.put(
                    failure,
                    meters.counter(
                            "holdfast.requests.failed",
                            "Requests of this node's clients without an answer",
                            "reason",
                            slug(failure)));
        }
    }

    /** As problems of the API are called. */
    private static String slug(RequestFailure failure) {
        return failure.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Timer timer(Meters meters, String name, String description) {
        return meters.timer(name, description, Buckets.SHORT);
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
