package io.holdfast.operator.backup;

import io.holdfast.operator.backup.BackupStep.Kept;
import io.holdfast.operator.backup.BackupStep.State;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupStatus;
import io.holdfast.operator.crd.v1alpha1.Removal;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** What comes next for a backup that is to go: its file first, then the object. Pure. */
final class BackupEnd {

    private BackupEnd() {}

    /**
     * Returns what comes next.
     *
     * @param observed what comes next when it is not to go, until it is over
     */
    static BackupStep next(BackupLook look, Supplier<BackupStep> observed) {
        JobLook job = look.job();
        if (!look.isOver() && job != null && job.ours()) {
            // What a job that is under way stores has to be known to be deleted; the job has a deadline.
            return observed.get();
        }
        Optional<String> path = path(look.backup());
        if (path.isEmpty()) {
            return leave(look);
        }
        JobLook deletion = look.deletion();
        if (deletion == null) {
            Optional<Image> image =
                    Optional.ofNullable(look.cluster()).map(Image::of).or(() -> Image.notedAt(look.backup()));
            return image.map(found -> BackupStep.act(new BackupAction.MakeDeletion(found, path.get())))
                    .orElseGet(() -> kept(
                            look,
                            "NoImage",
                            "the cluster is gone, and with it the image that deletes the file: annotate this backup"
                                    + " with holdfast.dev/image and the image of a server"));
        }
        return switch (deletion.end()) {
            case COMPLETE -> leave(look);
            case NONE ->
                kept(
                        look,
                        "Deleting",
                        deletion.waits().isEmpty()
                                ? "job " + deletion.name() + " deletes the file"
                                : "job " + deletion.name() + " waits: " + deletion.waits());
            case FAILED ->
                kept(
                        look,
                        "DeletionFailed",
                        "the file could not be deleted: " + told(deletion)
                                + "; it is tried again 10 minutes later; to keep the file: kubectl patch lkb "
                                + look.backup().getMetadata().getName()
                                + " --type=merge -p '{\"metadata\":{\"finalizers\":null,\"annotations\":{\""
                                + BackupNames.EXPIRED
                                + "\":null}}}'");
        };
    }

    private static BackupStep leave(BackupLook look) {
        return BackupStep.act(look.isDeleted() ? new BackupAction.RemoveFinalizer() : new BackupAction.DeleteBackup());
    }

    private static String told(JobLook job) {
        String why = BackupReport.failure(job.words());
        return why.isEmpty() ? job.failure() : why;
    }

    /** Only a file that is known, and that no other backup can have. */
    private static Optional<String> path(LockClusterBackup backup) {
        LockClusterBackupStatus status = backup.getStatus();
        String location = status == null ? null : status.location();
        if (location == null || backup.getSpec().deletionPolicy() != Removal.DELETE) {
            return Optional.empty();
        }
        return Store.of(backup.getSpec().target())
                .flatMap(store -> store.path(location))
                .filter(path -> BackupFiles.owns(backup, path));
    }

    private static BackupStep kept(BackupLook look, String reason, String message) {
        LockClusterBackupStatus status = Objects.requireNonNull(look.backup().getStatus());
        State state = new State(
                look.phase(), "Stored", "", null, status.startedAt(), status.completedAt(), new Kept(reason, message));
        return BackupStep.report(state, BackupStep.LATER);
    }
}
