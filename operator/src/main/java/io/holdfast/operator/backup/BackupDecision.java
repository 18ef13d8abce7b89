package io.holdfast.operator.backup;

import io.fabric8.kubernetes.api.model.Condition;
import io.holdfast.operator.backup.BackupStep.State;
import io.holdfast.operator.crd.v1alpha1.BackupPhase;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupStatus;
import io.holdfast.operator.crd.v1alpha1.Removal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What comes next for a backup: a pure function of a look and of the present. An operator that was restarted sees the
 * same objects, and so goes on.
 */
final class BackupDecision {

    /** How long a backup waits for a node that can give it. */
    static final Duration PATIENCE = Duration.ofHours(1);

    private final BackupLook look;
    private final Instant now;

    private BackupDecision(BackupLook look, Instant now) {
        this.look = look;
        this.now = now;
    }

    /** Returns what comes next. */
    static BackupStep next(BackupLook look, Instant now) {
        return new BackupDecision(look, now).next();
    }

    /** Returns what is reported when the API server did not take a job. */
    static State refused(BackupLook look, String why) {
        String message = "the API server takes no Job: " + why + "; solve that, or delete this backup";
        if (!look.isOver()) {
            return State.of(BackupPhase.PENDING, "JobRefused", message);
        }
        return new State(look.phase(), "", "", null, null, null, new BackupStep.Kept("JobRefused", message));
    }

    private BackupStep next() {
        boolean goes = look.isDeleted() ? look.hasFinalizer() : look.isExpired();
        if (goes) {
            return BackupEnd.next(look, this::observed);
        }
        if (look.isDeleted()) {
            return BackupStep.done();
        }
        if (look.isOver()) {
            return remembered();
        }
        return observed();
    }

    /** Of a backup that is over. */
    private BackupStep remembered() {
        JobLook job = look.job();
        if (job == null || !job.ours() || job.end() == JobLook.End.NONE || job.forgotten()) {
            return BackupStep.done();
        }
        return BackupStep.act(new BackupAction.ForgetJob(job));
    }

    /** Of a backup whose end was not reported yet. */
    private BackupStep observed() {
        JobLook job = look.job();
        if (job != null) {
            return ofJob(job);
        }
        if (look.phase() == BackupPhase.RUNNING) {
            return failed("JobGone", "the job was deleted before its end was seen: make another LockClusterBackup");
        }
        return toBegin();
    }

    // ---- no job yet ----

    private BackupStep toBegin() {
        LockClusterBackup backup = look.backup();
        Optional<Store> store = Store.of(backup.getSpec().target());
        if (store.isEmpty()
                || !BackupFiles.isWithin(BackupFiles.prefix(backup.getSpec().target()))) {
            return failed(
                    "BadTarget",
                    "target needs one place, and no path that leaves it: make another"
                            + " LockClusterBackup with exactly one of claim and s3, and a path without .. or / first");
        }
        LockCluster cluster = look.cluster();
        if (cluster == null) {
            return waits(
                    "NoCluster",
                    "there is no LockCluster '" + backup.getSpec().clusterRef()
                            + "' in this namespace: make it, or delete this backup");
        }
        if (cluster.getStatus() == null || cluster.getStatus().generation() == null) {
            return waits(
                    "NotFounded",
                    "LockCluster '" + backup.getSpec().clusterRef() + "' has no ensemble yet: kubectl describe lkc "
                            + backup.getSpec().clusterRef() + " says why");
        }
        Optional<Source> source = Source.best(look.sources());
        if (source.isEmpty()) {
            return waits(
                    "NoReadyPod",
                    "no pod of LockCluster '" + backup.getSpec().clusterRef() + "' is ready: kubectl describe lkc "
                            + backup.getSpec().clusterRef() + " says why");
        }
        Optional<Condition> refused = reported().filter(last -> "JobRefused".equals(last.getReason()));
        if (refused.isPresent() && isImpatient()) {
            return waits("JobRefused", Objects.requireNonNullElse(refused.get().getMessage(), ""));
        }
        // What was reported stays until there is a job: it may say why there was none.
        State pending = backup.getStatus() != null
                ? null
                : State.of(BackupPhase.PENDING, "Starting", "the job is about to be made");
        boolean deletes = backup.getSpec().deletionPolicy() == Removal.DELETE;
        boolean finalizer = !look.beside() && !look.hasFinalizer();
        boolean prepares = deletes && (finalizer || Image.notedAt(backup).isEmpty());
        return new BackupStep(
                pending,
                prepares
                        ? new BackupAction.Prepare(Image.of(cluster), finalizer)
                        : new BackupAction.MakeJob(source.get()),
                BackupStep.SOON);
    }

    private BackupStep waits(String reason, String message) {
        if (isImpatient()) {
            return failed(reason, "it did not begin within " + PATIENCE.toMinutes() + " minutes: " + message);
        }
        return BackupStep.report(State.of(BackupPhase.PENDING, reason, message), BackupStep.SOON);
    }

    private boolean isImpatient() {
        Instant since =
                reported().map(Condition::getLastTransitionTime).map(this::time).orElse(now);
        return since.plus(PATIENCE).isBefore(now);
    }

    private Optional<Condition> reported() {
        LockClusterBackupStatus status = look.backup().getStatus();
        return status == null
                ? Optional.empty()
                : BackupConditions.find(status.conditions(), BackupConditions.COMPLETE);
    }

    private Instant time(@Nullable String text) {
        try {
            return text == null ? now : Instant.parse(text);
        } catch (DateTimeException e) {
            return now;
        }
    }

    private BackupStep failed(String reason, String message) {
        return BackupStep.report(State.of(BackupPhase.FAILED, reason, message), BackupStep.SOON);
    }

    // ---- a job ----

    private BackupStep ofJob(JobLook job) {
        if (!job.ours()) {
            return failed(
                    "NameTaken",
                    "a Job '" + job.name()
                            + "' is there that is not of this backup: delete it, and make another LockClusterBackup");
        }
        return switch (job.end()) {
            case NONE -> runs(job);
            case FAILED -> ended(job, "JobFailed", told(job));
            case COMPLETE ->
                BackupReport.read(job.words())
                        .map(report -> completed(job, report))
                        .orElseGet(() -> ended(
                                job,
                                "NoReport",
                                "the job ended well, but its pod's report is gone or not whole, so that the file is not"
                                        + " known: make another LockClusterBackup"));
        };
    }

    private static BackupStep runs(JobLook job) {
        String message =
                job.waits().isEmpty() ? "job " + job.name() + " runs" : "job " + job.name() + " waits: " + job.waits();
        String reason = job.waits().isEmpty() ? "JobRuns" : "PodWaits";
        return BackupStep.report(
                new State(BackupPhase.RUNNING, reason, message, null, job.startedAt(), null, null), BackupStep.LATER);
    }

    private static String told(JobLook job) {
        String why = BackupReport.failure(job.words());
        String words = why.endsWith(".") ? why.substring(0, why.length() - 1) : why;
        return (words.isEmpty() ? "its pod left no word" : words)
                + (job.failure().isEmpty() ? "" : " (" + job.failure() + ")")
                + "; make another LockClusterBackup when that is solved";
    }

    private BackupStep completed(JobLook job, BackupReport report) {
        LockClusterBackup backup = look.backup();
        String path = BackupFiles.path(backup, report.generation(), report.revision());
        Store store = Store.of(backup.getSpec().target()).orElse(null);
        if (store == null || !isAt(report.location(), store.inPod(path))) {
            return ended(
                    job,
                    "WrongPlace",
                    "the file was stored at " + Lines.shorter(report.location(), 300)
                            + ", not where it belongs: is the cluster's image a server of this operator's release?");
        }
        LockCluster cluster = look.cluster();
        if (cluster != null && !report.clusterId().equals(BackupNames.clusterId(cluster))) {
            return ended(
                    job,
                    "OtherEnsemble",
                    "the pod gave a backup of ensemble '"
                            + Lines.shorter(report.clusterId(), 80) + "', not of '" + BackupNames.clusterId(cluster)
                            + "': make another LockClusterBackup");
        }
        String message = "revision " + report.revision() + " was stored, verified and read back"
                + (report.node() > 0 ? ", from member " + report.node() : "");
        return BackupStep.report(
                new State(
                        BackupPhase.COMPLETED,
                        "Stored",
                        message,
                        new BackupStep.Found(store.root() + path, report),
                        job.startedAt(),
                        Objects.requireNonNullElseGet(job.endedAt(), now::toString),
                        null),
                BackupStep.SOON);
    }

    private static boolean isAt(String reported, String inPod) {
        return reported.equals(inPod) || reported.equals("file://" + inPod);
    }

    private BackupStep ended(JobLook job, String reason, String message) {
        return BackupStep.report(
                new State(
                        BackupPhase.FAILED,
                        reason,
                        message,
                        null,
                        job.startedAt(),
                        Objects.requireNonNullElseGet(job.endedAt(), now::toString),
                        null),
                BackupStep.SOON);
    }
}
