package io.holdfast.operator.backup;

import static io.holdfast.operator.backup.Looks.IN_BUCKET;
import static io.holdfast.operator.backup.Looks.LOCATION;
import static io.holdfast.operator.backup.Looks.NOW;
import static io.holdfast.operator.backup.Looks.ON_CLAIM;
import static io.holdfast.operator.backup.Looks.PATH;
import static io.holdfast.operator.backup.Looks.backup;
import static io.holdfast.operator.backup.Looks.cluster;
import static io.holdfast.operator.backup.Looks.deleted;
import static io.holdfast.operator.backup.Looks.job;
import static io.holdfast.operator.backup.Looks.report;
import static io.holdfast.operator.backup.Looks.status;
import static io.holdfast.operator.crd.v1alpha1.BackupPhase.COMPLETED;
import static io.holdfast.operator.crd.v1alpha1.BackupPhase.FAILED;
import static io.holdfast.operator.crd.v1alpha1.BackupPhase.PENDING;
import static io.holdfast.operator.crd.v1alpha1.BackupPhase.RUNNING;
import static io.holdfast.operator.crd.v1alpha1.Removal.DELETE;
import static io.holdfast.operator.crd.v1alpha1.Removal.RETAIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.holdfast.operator.backup.BackupAction.DeleteBackup;
import io.holdfast.operator.backup.BackupAction.ForgetJob;
import io.holdfast.operator.backup.BackupAction.MakeDeletion;
import io.holdfast.operator.backup.BackupAction.MakeJob;
import io.holdfast.operator.backup.BackupAction.None;
import io.holdfast.operator.backup.BackupAction.Prepare;
import io.holdfast.operator.backup.BackupAction.RemoveFinalizer;
import io.holdfast.operator.backup.JobLook.End;
import io.holdfast.operator.crd.v1alpha1.BackupTarget;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes next for a backup, as a table. */
class BackupDecisionTest {

    private static final Source OBSERVER = new Source("readers-10001", 10001, true, Source.Role.FOLLOWS);
    private static final Source FOLLOWER = new Source("orders-voter-3-0", 3, false, Source.Role.FOLLOWS);
    private static final Source LEADER = new Source("orders-voter-2-0", 2, false, Source.Role.LEADS);
    private static final Instant LONG_AGO = NOW.minus(Duration.ofHours(2));
    private static final Instant LATELY = NOW.minus(Duration.ofMinutes(2));

    /** A look with everything that a backup needs. */
    private static BackupLook look(LockClusterBackup backup, @Nullable JobLook job, @Nullable JobLook deletion) {
        return new BackupLook(backup, cluster(1795276800123L), List.of(LEADER, FOLLOWER), job, deletion, false);
    }

    private static BackupLook waiting(LockClusterBackup backup, List<Source> sources, long generation) {
        return new BackupLook(backup, generation < 0 ? null : cluster(generation), sources, null, null, false);
    }

    private static LockClusterBackup prepared(LockClusterBackup backup) {
        backup.getMetadata().setFinalizers(List.of(BackupNames.FINALIZER));
        backup.getMetadata().setAnnotations(Map.of("holdfast.dev/image", "example.org/holdfast:0.4.1"));
        return backup;
    }

    private static LockClusterBackup expired(LockClusterBackup backup) {
        backup.getMetadata().setAnnotations(Map.of(BackupNames.EXPIRED, "true"));
        return backup;
    }

    static Stream<Arguments> begins() {
        LockClusterBackup fresh = backup(RETAIN, ON_CLAIM, null);
        LockClusterBackup waits = backup(RETAIN, ON_CLAIM, status(PENDING, "NoReadyPod", LONG_AGO));
        LockClusterBackup refused = backup(RETAIN, ON_CLAIM, status(PENDING, "JobRefused", LONG_AGO));
        LockClusterBackup up = backup(RETAIN, new BackupTarget(null, "nfs", "../other"), null);
        LockClusterBackup two = backup(RETAIN, new BackupTarget(IN_BUCKET.s3(), "nfs", null), null);
        return Stream.of(
                arguments("no cluster", waiting(fresh, List.of(), -1), PENDING, "NoCluster", None.class),
                arguments("no ensemble", waiting(fresh, List.of(), 0), PENDING, "NotFounded", None.class),
                arguments("no pod", waiting(fresh, List.of(), 1), PENDING, "NoReadyPod", None.class),
                arguments("no pod for long", waiting(waits, List.of(), 1), FAILED, "NoReadyPod", None.class),
                arguments("refused for long", look(refused, null, null), FAILED, "JobRefused", None.class),
                arguments("a path that leaves", look(up, null, null), FAILED, "BadTarget", None.class),
                arguments("two targets", look(two, null, null), FAILED, "BadTarget", None.class),
                arguments("all there", look(fresh, null, null), PENDING, "Starting", MakeJob.class));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("begins")
    void beginsWhenThereIsAPodThatCanGiveIt(
            String when, BackupLook look, Object phase, String reason, Class<?> action) {
        BackupStep step = BackupDecision.next(look, NOW);
        assertEquals(phase, step.state().phase(), when);
        assertEquals(reason, step.state().reason(), when);
        assertEquals(action, step.action().getClass(), when);
        assertFalse(step.again().isZero(), "it is looked at again");
    }

    @Test
    void beginsAtOnceWhenThePodComesBackAfterLong() {
        var step = BackupDecision.next(
                look(backup(RETAIN, ON_CLAIM, status(PENDING, "NoReadyPod", LONG_AGO)), null, null), NOW);
        assertEquals(new MakeJob(FOLLOWER), step.action());
    }

    @Test
    void asksAnObserverElseAFollowerAndTheLeaderLast() {
        Source unknown = new Source("orders-voter-5-0", 5, false, Source.Role.UNKNOWN);
        assertEquals(OBSERVER, Source.best(List.of(LEADER, FOLLOWER, OBSERVER)).orElseThrow());
        assertEquals(FOLLOWER, Source.best(List.of(LEADER, unknown, FOLLOWER)).orElseThrow());
        assertEquals(unknown, Source.best(List.of(LEADER, unknown)).orElseThrow());
        assertEquals(LEADER, Source.best(List.of(LEADER)).orElseThrow());
        assertTrue(Source.best(List.of()).isEmpty());
    }

    @Test
    void makesNoJobBeforeItsFileWouldBeDeletedWithIt() {
        LockClusterBackup fresh = backup(DELETE, ON_CLAIM, null);
        assertEquals(
                new Prepare(Image.of(cluster(1)), true),
                BackupDecision.next(look(fresh, null, null), NOW).action());
        var ready = look(prepared(backup(DELETE, ON_CLAIM, null)), null, null);
        assertEquals(MakeJob.class, BackupDecision.next(ready, NOW).action().getClass());
    }

    /** Nothing would be left to remove a finalizer when this namespace is deleted. */
    @Test
    void setsNoFinalizerInTheNamespaceOfTheOperator() {
        var beside = new BackupLook(backup(DELETE, ON_CLAIM, null), cluster(1), List.of(FOLLOWER), null, null, true);
        assertEquals(
                new Prepare(Image.of(cluster(1)), false),
                BackupDecision.next(beside, NOW).action());
    }

    static Stream<Arguments> jobs() {
        LockClusterBackup running = backup(RETAIN, ON_CLAIM, status(RUNNING, "JobRuns", LATELY));
        LockClusterBackup fresh = backup(RETAIN, ON_CLAIM, null);
        String good = report("/backup/" + PATH);
        String elsewhere = report("/backup/else.backup");
        String other = good.replace("shop.orders", "shop.other");
        var foreign = new JobLook("backup-" + Looks.UID, "3", false, End.NONE, "", false, null, null, "", "");
        var stuck = new JobLook("j", "3", true, End.NONE, "", false, null, null, "", "ErrImagePull: no such image");
        String failed = "some log\n{\"outcome\":\"failed\",\"exit\":66,\"message\":\"bucket backups refuses: 403\"}";
        return Stream.of(
                arguments("runs", job(End.NONE, ""), fresh, RUNNING, "JobRuns", "runs"),
                arguments("is stuck", stuck, fresh, RUNNING, "PodWaits", "ErrImagePull: no such image"),
                arguments("stored", job(End.COMPLETE, good), fresh, COMPLETED, "Stored", "7-1077"),
                arguments("stored, seen by a new operator", job(End.COMPLETE, good), running, COMPLETED, "Stored", ""),
                arguments(
                        "as a URL",
                        job(End.COMPLETE, report("file:///backup/" + PATH)),
                        running,
                        COMPLETED,
                        "Stored",
                        "member 3"),
                arguments("stored elsewhere", job(End.COMPLETE, elsewhere), running, FAILED, "WrongPlace", "else"),
                arguments("of another", job(End.COMPLETE, other), running, FAILED, "OtherEnsemble", "shop.other"),
                arguments("no report", job(End.COMPLETE, ""), running, FAILED, "NoReport", "make another"),
                arguments("half a report", job(End.COMPLETE, good.substring(9)), running, FAILED, "NoReport", ""),
                arguments("failed", job(End.FAILED, failed), running, FAILED, "JobFailed", "bucket backups refuses"),
                arguments("failed", job(End.FAILED, failed), running, FAILED, "JobFailed", "BackoffLimitExceeded"),
                arguments("no words", job(End.FAILED, ""), running, FAILED, "JobFailed", "left no word"),
                arguments("a log", job(End.FAILED, "a\nOut of memory\n"), running, FAILED, "JobFailed", "Out of me"),
                arguments("deleted", null, running, FAILED, "JobGone", "make another"),
                arguments("is another's", foreign, running, FAILED, "NameTaken", "delete it"));
    }

    @ParameterizedTest(name = "{0}: {4}")
    @MethodSource("jobs")
    void readsTheOutcomeFromTheJob(
            String when, @Nullable JobLook job, LockClusterBackup backup, Object phase, String reason, String part) {
        BackupStep step = BackupDecision.next(look(backup, job, null), NOW);
        assertEquals(phase, step.state().phase(), when);
        assertEquals(reason, step.state().reason(), when);
        assertTrue(step.state().message().contains(part), step.state().message());
        assertEquals(None.class, step.action().getClass());
        assertEquals(
                phase == COMPLETED ? LOCATION : null,
                step.state().found() == null ? null : step.state().found().location());
    }

    @Test
    void knowsAKeyInABucketAsItsLocation() {
        LockClusterBackup backup = backup(RETAIN, IN_BUCKET, null);
        String key = "s3://backups/" + PATH;
        var step = BackupDecision.next(look(backup, job(End.COMPLETE, report(key)), null), NOW);
        assertEquals(key, step.state().found().location());
    }

    /** The job is deleted by Kubernetes only after everything in it was reported. */
    @Test
    void forgetsAJobWhenItsOutcomeIsInTheStatus() {
        LockClusterBackup done = backup(RETAIN, ON_CLAIM, status(COMPLETED, "Stored", LATELY));
        JobLook ended = job(End.COMPLETE, report("/backup/" + PATH));
        assertEquals(
                new ForgetJob(ended),
                BackupDecision.next(look(done, ended, null), NOW).action());
        assertEquals(BackupStep.done(), BackupDecision.next(look(done, null, null), NOW));
        var forgotten = new JobLook("j", "4", true, End.COMPLETE, "", true, null, null, "", "");
        assertEquals(BackupStep.done(), BackupDecision.next(look(done, forgotten, null), NOW));
    }

    static Stream<Arguments> ends() {
        LockClusterBackup done = deleted(prepared(backup(DELETE, ON_CLAIM, status(COMPLETED, "Stored", LATELY))), true);
        LockClusterBackup failed = deleted(backup(DELETE, ON_CLAIM, status(FAILED, "JobFailed", LATELY)), true);
        LockClusterBackup running = deleted(backup(DELETE, ON_CLAIM, status(RUNNING, "JobRuns", LATELY)), true);
        LockClusterBackup pending = deleted(backup(DELETE, ON_CLAIM, null), true);
        LockClusterBackup other = deleted(backup(DELETE, ON_CLAIM, status(COMPLETED, "Stored", LATELY)), false);
        LockClusterBackup edited = deleted(
                backup(DELETE, new BackupTarget(null, "nfs", "else"), status(COMPLETED, "Stored", LATELY)), true);
        LockClusterBackup old = expired(backup(DELETE, ON_CLAIM, status(COMPLETED, "Stored", LATELY)));
        LockClusterBackup kept = expired(backup(RETAIN, ON_CLAIM, status(COMPLETED, "Stored", LATELY)));
        return Stream.of(
                arguments("its file goes first", look(done, null, null), MakeDeletion.class, null),
                arguments("its file goes", look(done, null, job(End.NONE, "")), None.class, "Deleting"),
                arguments("its file went", look(done, null, job(End.COMPLETE, "")), RemoveFinalizer.class, null),
                arguments("its file stays", look(done, null, job(End.FAILED, "")), None.class, "DeletionFailed"),
                arguments("it has no file", look(failed, null, null), RemoveFinalizer.class, null),
                arguments("it never began", look(pending, null, null), RemoveFinalizer.class, null),
                // In a namespace that is being deleted the job goes by itself.
                arguments("its job is gone", look(running, null, null), RemoveFinalizer.class, null),
                arguments("another's finalizer", look(other, null, null), None.class, null),
                arguments("a location that is not its own", look(edited, null, null), RemoveFinalizer.class, null),
                arguments("a schedule does not keep it", look(old, null, null), MakeDeletion.class, null),
                arguments("nor its file", look(old, null, job(End.COMPLETE, "")), DeleteBackup.class, null),
                arguments("but its file", look(kept, null, null), DeleteBackup.class, null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ends")
    void deletesTheFileAndThenTheObject(String when, BackupLook look, Class<?> action, @Nullable String kept) {
        BackupStep step = BackupDecision.next(look, NOW);
        assertEquals(action, step.action().getClass(), when);
        assertEquals(
                kept,
                step.state() == null || step.state().kept() == null
                        ? null
                        : step.state().kept().reason());
        if (step.action() instanceof MakeDeletion make) {
            assertEquals(PATH, make.path());
        }
    }

    /** What a job is about to store has to be known to be deleted. */
    @Test
    void waitsForAJobBeforeItDeletes() {
        LockClusterBackup running = deleted(backup(DELETE, ON_CLAIM, status(RUNNING, "JobRuns", LATELY)), true);
        var step = BackupDecision.next(look(running, job(End.NONE, ""), null), NOW);
        assertEquals(None.class, step.action().getClass());
        assertEquals(RUNNING, step.state().phase());
        var ended = BackupDecision.next(look(running, job(End.COMPLETE, report("/backup/" + PATH)), null), NOW);
        assertEquals(COMPLETED, ended.state().phase());
    }

    @Test
    void deletesWithTheImageOfAClusterThatIsGone() {
        LockClusterBackup done = deleted(prepared(backup(DELETE, ON_CLAIM, status(COMPLETED, "Stored", LATELY))), true);
        var step = BackupDecision.next(new BackupLook(done, null, List.of(), null, null, false), NOW);
        assertEquals(
                "example.org/holdfast:0.4.1",
                ((MakeDeletion) step.action()).image().name());
        done.getMetadata().setAnnotations(Map.of());
        var none = BackupDecision.next(new BackupLook(done, null, List.of(), null, null, false), NOW);
        assertEquals("NoImage", none.state().kept().reason());
    }
}
