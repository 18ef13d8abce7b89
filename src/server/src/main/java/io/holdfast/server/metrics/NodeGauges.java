package io.holdfast.server.metrics;

import io.holdfast.server.backup.Backups;
import io.holdfast.server.replica.Alarm;
import io.holdfast.server.replica.ClusterView;
import io.holdfast.server.replica.ClusterView.MemberView;
import io.holdfast.server.replica.DiskWatch;
import io.holdfast.server.replica.Replica;
import io.holdfast.server.replica.ReplicaState;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Meters of the node as a member: its build, its disk, the configuration in force and, at the leader, the other
 * members. NaN, or no series at all, is what it does not know.
 */
@Singleton
final class NodeGauges {

    private static final long MEMBERS_MILLIS = 2_000;

    private final Replica replica;
    private final Backups backups;
    private final Meters meters;
    private final String version;

    @Inject
    NodeGauges(
            Replica replica,
            Backups backups,
            Meters meters,
            @ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown") String version) {
        this.replica = replica;
        this.backups = backups;
        this.meters = meters;
        this.version = version;
    }

    void onStart(@Observes StartupEvent event, Vertx vertx) {
        meters.gauge(
                "holdfast.build.info",
                "1, with the version of the program and of Java",
                version,
                program -> 1,
                "version",
                version,
                "java",
                Runtime.version().toString());
        configuration("holdfast.level", "Version of the peer protocol that all members agreed on", ClusterView::level);
        configuration(
                "holdfast.configuration.version",
                "Version of the configuration of members in force",
                ClusterView::configurationVersion);
        meters.gauge(
                "holdfast.insecure",
                "0 when no port of this node serves strangers and rules are enforced",
                this,
                gauges -> {
                    ClusterView view = gauges.view();
                    return view != null && view.secure() ? 0 : 1;
                });
        disk();
        meters.gauge(
                "holdfast.backup.last.success.seconds",
                "When this node last sent a whole backup, as a Unix time; NaN when it did not since it started",
                backups,
                NodeGauges::lastBackup);
        meters.gauge(
                "holdfast.peer.queue.bytes",
                "Bytes that wait to be sent to other members, snapshots apart",
                replica,
                Replica::queuedBytes);
        meters.gauge(
                "holdfast.voters.reachable",
                "Voters that the leader hears, itself included; NaN at others",
                this,
                NodeGauges::reachableVoters);
        MultiGauge lags = meters.gauges(
                "holdfast.member.lag.transactions",
                "Transactions that a member has not applied, at the leader; NaN when it is not heard");
        MultiGauge alarms = meters.gauges("holdfast.alarm", "1 for each alarm that GET /v1/cluster shows");
        vertx.setPeriodic(MEMBERS_MILLIS, timer -> {
            lags.register(lags(), true);
            alarms.register(alarms(), true);
        });
    }

    private void disk() {
        gauge(
                "holdfast.disk.free.bytes",
                "Bytes that may be written beside the data",
                disk -> disk.freeBytes() < 0 ? Double.NaN : disk.freeBytes());
        gauge("holdfast.log.bytes", "Bytes of all segments of the log", DiskWatch.Reading::logBytes);
        gauge("holdfast.snapshot.bytes", "Bytes of the newest snapshot", DiskWatch.Reading::snapshotBytes);
        gauge("holdfast.snapshot.age.seconds", "Age of the newest snapshot; NaN when there is none", NodeGauges::age);
    }

    private void gauge(String name, String description, ToDoubleFunction<DiskWatch.Reading> value) {
        meters.gauge(name, description, replica, r -> value.applyAsDouble(r.disk()));
    }

    private static double age(DiskWatch.Reading disk) {
        return disk.snapshotAtMillis() == 0
                ? Double.NaN
                : Math.max(0, System.currentTimeMillis() - disk.snapshotAtMillis()) / 1_000.0;
    }

    private static double lastBackup(Backups backups) {
        return backups.lastAtMillis() == 0 ? Double.NaN : backups.lastAtMillis() / 1_000.0;
    }

    private void configuration(String name, String description, ToDoubleFunction<ClusterView> value) {
        meters.gauge(name, description, this, gauges -> {
            ClusterView view = gauges.view();
            return view == null ? Double.NaN : value.applyAsDouble(view);
        });
    }

    private @Nullable ClusterView view() {
        return replica.state() == null ? null : replica.clusterView();
    }

    private @Nullable ClusterView leading() {
        ReplicaState state = replica.state();
        return state == null || !state.role().equals("leader") || !state.synced() ? null : replica.clusterView();
    }

    private double reachableVoters() {
        ClusterView view = leading();
        return view == null
                ? Double.NaN
                : view.members().stream()
                        .filter(member -> member.voter() && member.applied() != null)
                        .count();
    }

    private Iterable<MultiGauge.Row<?>> alarms() {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        replica.alarms().stream()
                .map(Alarm::name)
                .distinct()
                .forEach(name -> rows.add(MultiGauge.Row.of(Tags.of("alarm", name), 1)));
        return rows;
    }

    private Iterable<MultiGauge.Row<?>> lags() {
        ClusterView view = leading();
        if (view == null) {
            return List.of();
        }
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (MemberView member : view.members()) {
            double lag = member.lag() < 0 ? Double.NaN : member.lag();
            rows.add(MultiGauge.Row.of(Tags.of("member", Integer.toString(member.id())), lag));
        }
        return rows;
    }
}
