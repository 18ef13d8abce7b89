package io.holdfast.operator.backup;

import io.holdfast.operator.crd.v1alpha1.BackupTarget;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import io.holdfast.operator.crd.v1alpha1.S3Target;
import java.util.Arrays;

/**
 * Names of the files of backups: {@code <prefix><generation>/<revision>-<uid of the backup>.backup}. Two backups of an
 * ensemble in which nothing happened have the same revision; with its uid each has a file of its own, and the file of
 * one can be deleted without the other's.
 */
final class BackupFiles {

    private BackupFiles() {}

    /** Returns the path of the file of a backup, in which the command puts generation and revision. */
    static String template(LockClusterBackup backup) {
        return prefix(backup.getSpec().target()) + "{generation}/{revision}" + suffix(backup);
    }

    /** Returns the path that the command makes of the template. */
    static String path(LockClusterBackup backup, long generation, String revision) {
        return template(backup)
                .replace("{generation}", Long.toString(generation))
                .replace("{revision}", revision);
    }

    /** Returns whether a path is one that only this backup can have. */
    static boolean owns(LockClusterBackup backup, String path) {
        return path.startsWith(prefix(backup.getSpec().target())) && path.endsWith(suffix(backup)) && isWithin(path);
    }

    /** Returns whether a path stays in its store. */
    static boolean isWithin(String path) {
        return !path.startsWith("/") && Arrays.stream(path.split("/", -1)).noneMatch(".."::equals);
    }

    /** Returns what the paths of all files of a target begin with. */
    static String prefix(BackupTarget target) {
        S3Target s3 = target.s3();
        if (s3 != null) {
            return s3.prefix();
        }
        String path = target.path();
        return path == null || path.isEmpty() || path.endsWith("/") ? (path == null ? "" : path) : path + "/";
    }

    private static String suffix(LockClusterBackup backup) {
        return "-" + backup.getMetadata().getUid() + ".backup";
    }
}
