package io.holdfast.operator.backup;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.holdfast.operator.crd.v1alpha1.BackupTemplate;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupSchedule;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Carries out what {@link ScheduleDecision} decides for a schedule: looks at everything anew, does one thing, reports,
 * and looks again. Any thread.
 */
final class ScheduleWork {

    /** Backups that go without a pause at most, for example after keep was lowered. */
    private static final int STEPS_MAX = 50;

    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;
    private static final long PAGE = 250;
    private static final int BACKUPS_MAX = 5_000;

    private final KubernetesClient client;
    private final InstantSource clock;
    private final Writes writes;
    private final BackupEvents events;

    ScheduleWork(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
        this.writes = new Writes(client);
        this.events = new BackupEvents(client);
    }

    /**
     * Does what is due.
     *
     * @return when to look again; zero when there is no such schedule
     */
    Duration run(String namespace, String name) {
        Duration again = Duration.ZERO;
        for (int i = 0; i < STEPS_MAX; i++) {
            Optional<ScheduleLook> look = look(namespace, name);
            if (look.isEmpty()) {
                return Duration.ZERO;
            }
            ScheduleStep step = ScheduleDecision.next(look.get(), clock.instant());
            again = step.again();
            try {
                boolean acted = act(look.get().schedule(), step.action());
                report(look.get().schedule(), step);
                if (!acted) {
                    return again;
                }
            } catch (KubernetesClientException e) {
                if (e.getCode() != CONFLICT && e.getCode() != NOT_FOUND) {
                    throw e;
                }
                // Something changed since the look: the next one sees it.
            }
        }
        return again;
    }

    private Optional<ScheduleLook> look(String namespace, String name) {
        LockClusterBackupSchedule schedule = client.resources(LockClusterBackupSchedule.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
        if (schedule == null || schedule.getMetadata().getDeletionTimestamp() != null) {
            return Optional.empty();
        }
        return Optional.of(new ScheduleLook(schedule, backups(namespace, name)));
    }

    private List<LockClusterBackup> backups(String namespace, String schedule) {
        List<LockClusterBackup> all = new ArrayList<>();
        String next = null;
        do {
            var page = client.resources(LockClusterBackup.class)
                    .inNamespace(namespace)
                    .withLabel(BackupNames.SCHEDULE, schedule)
                    .list(new ListOptionsBuilder()
                            .withLimit(PAGE)
                            .withContinue(next)
                            .build());
            all.addAll(page.getItems());
            if (all.size() > BACKUPS_MAX) {
                throw new IllegalStateException("schedule " + schedule + " has more than " + BACKUPS_MAX
                        + " backups: delete some: kubectl delete lkb -l " + BackupNames.SCHEDULE + "=" + schedule);
            }
            next = page.getMetadata() == null ? null : page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
        return all;
    }

    private boolean act(LockClusterBackupSchedule schedule, ScheduleAction action) {
        if (action instanceof ScheduleAction.None) {
            return false;
        }
        if (action instanceof ScheduleAction.MakeBackup make) {
            make(schedule, make);
        } else if (action instanceof ScheduleAction.Expire expire) {
            LockClusterBackup backup = expire.backup();
            writes.metadata(
                    backup,
                    Map.of(BackupNames.EXPIRED, "true"),
                    backup.getMetadata().getFinalizers());
        } else if (action instanceof ScheduleAction.Delete delete) {
            writes.delete(delete.backup());
        }
        return true;
    }

    /** The name is that of the time: a run that is there is not made again. */
    private void make(LockClusterBackupSchedule schedule, ScheduleAction.MakeBackup make) {
        LockClusterBackup backup = backup(schedule, make);
        try {
            client.resource(backup).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                throw e;
            }
            LockClusterBackup present = client.resource(backup).get();
            if (present != null && !isOf(schedule, present)) {
                events.warning(
                        schedule,
                        "NameTaken",
                        "LockClusterBackup " + make.name() + " is there and is not of this schedule: the backup of "
                                + make.scheduledAt() + " is not made",
                        clock.instant());
            }
        }
    }

    private static boolean isOf(LockClusterBackupSchedule schedule, LockClusterBackup backup) {
        Map<String, String> labels =
                Objects.requireNonNullElse(backup.getMetadata().getLabels(), Map.of());
        return schedule.getMetadata().getName().equals(labels.get(BackupNames.SCHEDULE));
    }

    private static LockClusterBackup backup(LockClusterBackupSchedule schedule, ScheduleAction.MakeBackup make) {
        BackupTemplate template = schedule.getSpec().template();
        LockClusterBackup backup = new LockClusterBackup();
        // No owner: backups stay when their schedule is deleted.
        backup.setMetadata(new ObjectMetaBuilder()
                .withName(make.name())
                .withNamespace(schedule.getMetadata().getNamespace())
                .addToLabels(BackupNames.SCHEDULE, schedule.getMetadata().getName())
                .addToAnnotations(BackupNames.SCHEDULED_AT, make.scheduledAt().toString())
                .build());
        backup.setSpec(new LockClusterBackupSpec(
                schedule.getSpec().clusterRef(), template.deletionPolicy(), template.target()));
        return backup;
    }

    private void report(LockClusterBackupSchedule schedule, ScheduleStep step) {
        if (step.status().equals(schedule.getStatus())) {
            return;
        }
        step.status().conditions().stream()
                .filter(condition ->
                        "RunMissed".equals(condition.getReason()) || "BadSchedule".equals(condition.getReason()))
                .forEach(condition ->
                        events.warning(schedule, condition.getReason(), condition.getMessage(), clock.instant()));
        writes.status(schedule, step.status());
    }
}
