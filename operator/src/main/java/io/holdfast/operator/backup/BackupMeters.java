package io.holdfast.operator.backup;

import io.holdfast.operator.crd.v1alpha1.LockClusterBackupSchedule;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * {@code holdfast_operator_backup_age_seconds}: how old the newest completed backup of a schedule is; of a schedule
 * that has none, how old it is itself. Computed from the schedules as the API server has them: of one that is gone, or
 * suspended, it is NaN, until its row goes with the next look at another.
 */
final class BackupMeters {

    private final MultiGauge ages;
    private final InstantSource clock;

    BackupMeters(MeterRegistry registry, InstantSource clock) {
        this.ages = MultiGauge.builder("holdfast.operator.backup.age")
                .baseUnit("seconds")
                .description("Age of the newest completed backup of a schedule")
                .register(registry);
        this.clock = clock;
    }

    /**
     * Measures these schedules, and no others from now on.
     *
     * @param present gives a schedule as it is when it is measured
     */
    void measure(
            Stream<LockClusterBackupSchedule> schedules,
            Function<ResourceID, Optional<LockClusterBackupSchedule>> present) {
        ages.register(
                schedules
                        .filter(schedule -> !suspended(schedule))
                        .map(schedule -> MultiGauge.Row.of(
                                Tags.of(
                                        "namespace", schedule.getMetadata().getNamespace(),
                                        "cluster", schedule.getSpec().clusterRef(),
                                        "schedule", schedule.getMetadata().getName()),
                                ResourceID.fromResource(schedule),
                                id -> present.apply(id).map(this::age).orElse(Double.NaN)))
                        .toList(),
                true);
    }

    private static boolean suspended(LockClusterBackupSchedule schedule) {
        return schedule.getSpec().suspend();
    }

    private double age(LockClusterBackupSchedule schedule) {
        if (suspended(schedule)) {
            return Double.NaN;
        }
        var status = schedule.getStatus();
        Instant success = status == null ? null : ScheduleLook.time(status.lastSuccessfulTime());
        Instant since = success != null
                ? success
                : ScheduleLook.time(schedule.getMetadata().getCreationTimestamp());
        return since == null
                ? Double.NaN
                : Duration.between(since, clock.instant()).toMillis() / 1_000.0;
    }
}
