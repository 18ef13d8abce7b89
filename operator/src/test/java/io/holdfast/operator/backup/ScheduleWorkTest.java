package io.holdfast.operator.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.holdfast.operator.crd.v1alpha1.BackupPhase;
import io.holdfast.operator.crd.v1alpha1.BackupTemplate;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupSchedule;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupScheduleSpec;
import io.holdfast.operator.crd.v1alpha1.Removal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nights of a schedule, each seen by an operator that begins in that night. */
@EnableKubernetesMockClient(crud = true)
class ScheduleWorkTest {

    /** So that no look of these tests comes before the schedule was made. */
    private static final Duration A_NIGHT_AHEAD = Duration.ofMinutes(1);

    private KubernetesClient client;

    /** Makes the schedule, and returns its first run: the server writes when a schedule was made, as any does. */
    private Instant schedule(int keep, Removal policy) {
        LockClusterBackupSchedule schedule = new LockClusterBackupSchedule();
        schedule.setMetadata(new ObjectMetaBuilder()
                .withName("nightly")
                .withNamespace(Looks.NAMESPACE)
                .build());
        schedule.setSpec(new LockClusterBackupScheduleSpec(
                "orders", "15 2 * * *", "Etc/UTC", keep, false, "1h", new BackupTemplate(policy, Looks.ON_CLAIM)));
        client.resource(schedule).create();
        Instant made = Instant.parse(nightly().getMetadata().getCreationTimestamp());
        Instant sameDay = made.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofMinutes(135));
        return sameDay.isAfter(made.plus(A_NIGHT_AHEAD)) ? sameDay : sameDay.plus(Duration.ofDays(1));
    }

    private Duration look(Instant now) {
        return new ScheduleWork(client, Clock.fixed(now, ZoneOffset.UTC)).run(Looks.NAMESPACE, "nightly");
    }

    private List<LockClusterBackup> backups() {
        return client.resources(LockClusterBackup.class)
                .inNamespace(Looks.NAMESPACE)
                .list()
                .getItems();
    }

    private void complete(String name, Instant at) {
        LockClusterBackup backup = client.resources(LockClusterBackup.class)
                .inNamespace(Looks.NAMESPACE)
                .withName(name)
                .get();
        new Writes(client).status(backup, Looks.status(BackupPhase.COMPLETED, "Stored", at));
    }

    private LockClusterBackupSchedule nightly() {
        return client.resources(LockClusterBackupSchedule.class)
                .inNamespace(Looks.NAMESPACE)
                .withName("nightly")
                .get();
    }

    @Test
    void makesOneBackupEachNightAndKeepsTwo() {
        Instant first = schedule(2, Removal.RETAIN);
        for (int night = 0; night < 4; night++) {
            Instant due = first.plus(Duration.ofDays(night));
            look(due.minusSeconds(1));
            int before = backups().size();
            look(due);
            assertEquals(before + 1, backups().size());
            look(due.plusSeconds(1));
            assertEquals(before + 1, backups().size(), "once");
            complete(BackupNames.run("nightly", due), due.plusSeconds(20));
            look(due.plusSeconds(30));
        }
        assertEquals(
                List.of(
                        BackupNames.run("nightly", first.plus(Duration.ofDays(2))),
                        BackupNames.run("nightly", first.plus(Duration.ofDays(3)))),
                backups().stream()
                        .map(backup -> backup.getMetadata().getName())
                        .sorted()
                        .toList());
        var status = nightly().getStatus();
        Instant last = first.plus(Duration.ofDays(3));
        assertEquals(last.toString(), status.lastScheduleTime());
        assertEquals(last.plus(Duration.ofDays(1)).toString(), status.nextScheduleTime());
        assertEquals(last.plusSeconds(20).toString(), status.lastSuccessfulTime());
        LockClusterBackup kept = backups().get(0);
        assertEquals("nightly", kept.getMetadata().getLabels().get(BackupNames.SCHEDULE));
        assertTrue(kept.getMetadata().getOwnerReferences().isEmpty(), "it stays when its schedule goes");
    }

    @Test
    void marksABackupWhoseFileGoesWithIt() {
        Instant first = schedule(1, Removal.DELETE);
        for (int night = 0; night < 2; night++) {
            Instant due = first.plus(Duration.ofDays(night));
            look(due);
            complete(BackupNames.run("nightly", due), due.plusSeconds(20));
        }
        look(first.plus(Duration.ofDays(1)).plusSeconds(30));
        assertEquals(2, backups().size(), "the object goes when its file is gone");
        assertEquals(
                List.of(BackupNames.run("nightly", first)),
                backups().stream()
                        .filter(ScheduleLook::goes)
                        .map(backup -> backup.getMetadata().getName())
                        .toList());
    }

    @Test
    void saysThatAnotherObjectHasTheName() {
        Instant first = schedule(1, Removal.RETAIN);
        LockClusterBackup other = Looks.backup(Removal.RETAIN, Looks.ON_CLAIM, null);
        other.getMetadata().setName(BackupNames.run("nightly", first));
        other.getMetadata().setResourceVersion(null);
        client.resource(other).create();
        look(first);
        assertEquals(1, backups().size());
        assertEquals(
                "NameTaken",
                client.v1()
                        .events()
                        .inNamespace(Looks.NAMESPACE)
                        .list()
                        .getItems()
                        .get(0)
                        .getReason());
        assertNull(backups().get(0).getMetadata().getLabels().get(BackupNames.SCHEDULE));
    }
}
