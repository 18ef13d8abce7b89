package io.holdfast.operator.backup;

import static io.holdfast.operator.backup.Looks.NOW;
import static io.holdfast.operator.backup.Looks.status;
import static io.holdfast.operator.crd.v1alpha1.BackupPhase.COMPLETED;
import static io.holdfast.operator.crd.v1alpha1.BackupPhase.FAILED;
import static io.holdfast.operator.crd.v1alpha1.BackupPhase.RUNNING;
import static io.holdfast.operator.crd.v1alpha1.Removal.DELETE;
import static io.holdfast.operator.crd.v1alpha1.Removal.RETAIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.holdfast.operator.backup.ScheduleAction.Delete;
import io.holdfast.operator.backup.ScheduleAction.Expire;
import io.holdfast.operator.backup.ScheduleAction.MakeBackup;
import io.holdfast.operator.backup.ScheduleAction.None;
import io.holdfast.operator.crd.v1alpha1.BackupPhase;
import io.holdfast.operator.crd.v1alpha1.BackupTemplate;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupSchedule;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupScheduleSpec;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupScheduleStatus;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupSpec;
import io.holdfast.operator.crd.v1alpha1.Removal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What comes next for a schedule. It is due each day at 02:15. */
class ScheduleDecisionTest {

    private static final Instant YESTERDAY = NOW.minus(Duration.ofDays(1));

    private static LockClusterBackupSchedule schedule(String schedule, int keep, boolean suspend, Removal policy) {
        LockClusterBackupSchedule made = new LockClusterBackupSchedule();
        made.setMetadata(new ObjectMetaBuilder()
                .withName("nightly")
                .withNamespace(Looks.NAMESPACE)
                .withGeneration(3L)
                .withCreationTimestamp(NOW.minus(Duration.ofDays(30)).toString())
                .build());
        made.setSpec(new LockClusterBackupScheduleSpec(
                "orders", schedule, "Etc/UTC", keep, suspend, "1h", new BackupTemplate(policy, Looks.ON_CLAIM)));
        return made;
    }

    private static LockClusterBackupSchedule nightly(int keep) {
        return schedule("15 2 * * *", keep, false, RETAIN);
    }

    /** The backup of a night, so many days before. */
    private static LockClusterBackup run(int daysBefore, BackupPhase phase, Removal policy) {
        Instant at = NOW.minus(Duration.ofDays(daysBefore));
        LockClusterBackup backup = Looks.backup(policy, Looks.ON_CLAIM, status(phase, "", at.plusSeconds(20)));
        backup.getMetadata().setName(BackupNames.run("nightly", at));
        backup.getMetadata().setAnnotations(Map.of(BackupNames.SCHEDULED_AT, at.toString()));
        return backup;
    }

    private static String reason(ScheduleStep step) {
        return step.status().conditions().get(0).getReason();
    }

    @Test
    void makesTheBackupThatIsDue() {
        var step = ScheduleDecision.next(new ScheduleLook(nightly(7), List.of(run(1, COMPLETED, RETAIN))), NOW);
        assertEquals(new MakeBackup("nightly-20261130-0215", NOW), step.action());
        assertEquals(NOW.toString(), step.status().lastScheduleTime());
        assertEquals("nightly-20261130-0215", step.status().lastBackup());
        assertEquals("2026-12-01T02:15:00Z", step.status().nextScheduleTime());
        assertEquals(YESTERDAY.plusSeconds(20).toString(), step.status().lastSuccessfulTime());
    }

    /** The status may be behind: an operator was killed after it made the backup. */
    @Test
    void makesItOnceThoughTheStatusDoesNotSaySo() {
        var step = ScheduleDecision.next(new ScheduleLook(nightly(7), List.of(run(0, RUNNING, RETAIN))), NOW);
        assertEquals(new None(), step.action());
        assertEquals("nightly-20261130-0215", step.status().lastBackup());
    }

    /** The backup may have been deleted by hand. */
    @Test
    void makesItOnceThoughTheBackupIsGone() {
        LockClusterBackupSchedule nightly = nightly(7);
        nightly.setStatus(new LockClusterBackupScheduleStatus(
                3L, NOW.toString(), null, "nightly-20261130-0215", null, List.of()));
        var step = ScheduleDecision.next(new ScheduleLook(nightly, List.of()), NOW.plusSeconds(60));
        assertEquals(new None(), step.action());
        assertEquals("nightly-20261130-0215", step.status().lastBackup());
    }

    @Test
    void waitsWhileAnotherRunIsUnderWay() {
        var look = new ScheduleLook(nightly(7), List.of(run(1, RUNNING, RETAIN)));
        var step = ScheduleDecision.next(look, NOW);
        assertEquals(new None(), step.action());
        assertEquals("RunWaits", reason(step));
        var after = new ScheduleLook(nightly(7), List.of(run(1, FAILED, RETAIN)));
        assertEquals(
                MakeBackup.class,
                ScheduleDecision.next(after, NOW.plusSeconds(600)).action().getClass());
    }

    @Test
    void saysThatARunWasMissed() {
        var look = new ScheduleLook(nightly(7), List.of(run(1, COMPLETED, RETAIN)));
        var made = ScheduleDecision.next(look, NOW.plus(Duration.ofMinutes(60)));
        assertEquals(new MakeBackup("nightly-20261130-0215", NOW), made.action());
        var missed = ScheduleDecision.next(look, NOW.plus(Duration.ofMinutes(61)));
        assertEquals(new None(), missed.action());
        assertEquals("RunMissed", reason(missed));
        assertEquals("False", missed.status().conditions().get(0).getStatus());
    }

    @Test
    void doesNothingWhileItIsSuspended() {
        var look = new ScheduleLook(schedule("15 2 * * *", 7, true, RETAIN), List.of());
        var step = ScheduleDecision.next(look, NOW);
        assertEquals(new None(), step.action());
        assertEquals("Suspended", reason(step));
        assertNull(step.status().nextScheduleTime());
    }

    @Test
    void saysThatAScheduleCannotBe() {
        var look = new ScheduleLook(schedule("15 25 * * *", 7, false, RETAIN), List.of());
        var step = ScheduleDecision.next(look, NOW);
        assertEquals("BadSchedule", reason(step));
        assertTrue(step.status().conditions().get(0).getMessage().contains("15 25 * * *"));
    }

    @Test
    void deletesTheOldestOfThoseThatAreStored() {
        List<LockClusterBackup> runs = new ArrayList<>();
        for (int night = 1; night <= 4; night++) {
            runs.add(run(night, COMPLETED, RETAIN));
        }
        var look = new ScheduleLook(nightly(3), runs);
        assertEquals(
                new Delete(runs.get(3)),
                ScheduleDecision.next(look, NOW.minusSeconds(1)).action());
        var fewer = new ScheduleLook(nightly(3), runs.subList(0, 3));
        assertEquals(
                new None(), ScheduleDecision.next(fewer, NOW.minusSeconds(1)).action());
    }

    /** Ten nights that failed make no backup go that is stored, and do not go themselves. */
    @Test
    void keepsWhatIsStoredWhileBackupsFail() {
        List<LockClusterBackup> runs = new ArrayList<>(List.of(run(11, COMPLETED, DELETE), run(12, COMPLETED, DELETE)));
        for (int night = 1; night <= 10; night++) {
            runs.add(run(night, FAILED, DELETE));
        }
        var look = new ScheduleLook(schedule("15 2 * * *", 2, false, DELETE), runs);
        assertEquals(
                new None(), ScheduleDecision.next(look, NOW.minusSeconds(1)).action());
    }

    @Test
    void hasTheFileDeletedFirstAndOnlyOnce() {
        LockClusterBackup old = run(2, COMPLETED, DELETE);
        var look = new ScheduleLook(nightly(1), List.of(run(1, COMPLETED, DELETE), old));
        assertEquals(
                new Expire(old),
                ScheduleDecision.next(look, NOW.minusSeconds(1)).action());
        old.getMetadata().setAnnotations(Map.of(BackupNames.EXPIRED, "true"));
        assertEquals(
                new None(), ScheduleDecision.next(look, NOW.minusSeconds(1)).action());
    }

    @Test
    void leavesBackupsOfAnotherClusterAlone() {
        LockClusterBackup other = run(3, COMPLETED, RETAIN);
        other.setSpec(new LockClusterBackupSpec("payments", RETAIN, Looks.ON_CLAIM));
        var look = new ScheduleLook(nightly(1), List.of(run(1, COMPLETED, RETAIN), other));
        assertEquals(
                new None(), ScheduleDecision.next(look, NOW.minusSeconds(1)).action());
    }

    /** A time to come in an annotation, or from a clock that was wrong, does not end the schedule. */
    @Test
    void ignoresTimesToCome() {
        LockClusterBackup wrong = run(1, COMPLETED, RETAIN);
        wrong.getMetadata().setAnnotations(Map.of(BackupNames.SCHEDULED_AT, "2099-01-01T00:00:00Z"));
        var step = ScheduleDecision.next(new ScheduleLook(nightly(7), List.of(wrong)), NOW);
        assertEquals(MakeBackup.class, step.action().getClass());
    }

    @Test
    void boundsNames() {
        String longest = "a".repeat(63);
        String name = BackupNames.run(longest, NOW);
        assertEquals(63, name.length());
        assertTrue(name.endsWith("-20261130-0215"), name);
        assertTrue(!name.equals(BackupNames.run(longest.substring(1) + "b", NOW)));
        assertEquals("nightly-20261130-0215", BackupNames.run("nightly", NOW));
        assertTrue(BackupNames.deletion(Looks.UID).length() <= 63);
    }
}
