package io.holdfast.operator.backup;

import static io.holdfast.operator.backup.Looks.NOW;
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
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nights of a schedule, each seen by an operator that begins in that night. */
@EnableKubernetesMockClient(crud = true)
class ScheduleWorkTest {

    private KubernetesClient client;

    private void schedule(int keep, Removal policy) {
        LockClusterBackupSchedule schedule = new LockClusterBackupSchedule();
        schedule.setMetadata(new ObjectMetaBuilder()
                .withName("nightly")
                .withNamespace(Looks.NAMESPACE)
                .withCreationTimestamp(NOW.minusSeconds(60).toString())
                .build());
        schedule.setSpec(new LockClusterBackupScheduleSpec(
                "orders", "15 2 * * *", "Etc/UTC", keep, false, "1h", new BackupTemplate(policy, Looks.ON_CLAIM)));
        client.resource(schedule).create();
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
        schedule(2, Removal.RETAIN);
        for (int night = 0; night < 4; night++) {
            Instant due = NOW.plus(Duration.ofDays(night));
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
                List.of("nightly-20261202-0215", "nightly-20261203-0215"),
                backups().stream()
                        .map(backup -> backup.getMetadata().getName())
                        .sorted()
                        .toList());
        var status = nightly().getStatus();
        assertEquals("2026-12-03T02:15:00Z", status.lastScheduleTime());
        assertEquals("2026-12-04T02:15:00Z", status.nextScheduleTime());
        assertEquals("2026-12-03T02:15:20Z", status.lastSuccessfulTime());
        LockClusterBackup last = backups().get(0);
        assertEquals("nightly", last.getMetadata().getLabels().get(BackupNames.SCHEDULE));
        assertTrue(last.getMetadata().getOwnerReferences().isEmpty(), "it stays when its schedule goes");
    }

    @Test
    void marksABackupWhoseFileGoesWithIt() {
        schedule(1, Removal.DELETE);
        for (int night = 0; night < 2; night++) {
            Instant due = NOW.plus(Duration.ofDays(night));
            look(due);
            complete(BackupNames.run("nightly", due), due.plusSeconds(20));
        }
        look(NOW.plus(Duration.ofDays(1)).plusSeconds(30));
        assertEquals(2, backups().size(), "the object goes when its file is gone");
        assertEquals(
                List.of("nightly-20261130-0215"),
                backups().stream()
                        .filter(ScheduleLook::goes)
                        .map(backup -> backup.getMetadata().getName())
                        .toList());
    }

    @Test
    void saysThatAnotherObjectHasTheName() {
        schedule(1, Removal.RETAIN);
        LockClusterBackup other = Looks.backup(Removal.RETAIN, Looks.ON_CLAIM, null);
        other.getMetadata().setName(BackupNames.run("nightly", NOW));
        other.getMetadata().setResourceVersion(null);
        client.resource(other).create();
        look(NOW);
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
