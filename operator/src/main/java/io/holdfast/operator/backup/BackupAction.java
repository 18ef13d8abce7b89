package io.holdfast.operator.backup;

/** One thing to do for a backup. */
sealed interface BackupAction {

    /** There is nothing to do but to look again. */
    record None() implements BackupAction {}

    /** Note what deleting the file takes, and have it deleted before the object goes. */
    record Prepare(Image image, boolean finalizer) implements BackupAction {}

    /** Make the job that fetches from this pod. */
    record MakeJob(Source source) implements BackupAction {}

    /** Have Kubernetes delete a job, of which everything is in the status, after a while. */
    record ForgetJob(JobLook job) implements BackupAction {}

    /** Make the job that deletes the file at this path. */
    record MakeDeletion(Image image, String path) implements BackupAction {}

    /** Let the object go. */
    record RemoveFinalizer() implements BackupAction {}

    /** Delete the object, whose file is gone. */
    record DeleteBackup() implements BackupAction {}
}
