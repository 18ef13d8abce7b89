package io.holdfast.operator.backup;

import io.holdfast.operator.crd.v1alpha1.BackupPhase;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupSchedule;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of a schedule, all of it from the API server at one time.
 *
 * @param backups those in its namespace that have its label
 */
record ScheduleLook(LockClusterBackupSchedule schedule, List<LockClusterBackup> backups) {

    /** A label is easily copied: only backups of the schedule's cluster are its own. */
    ScheduleLook {
        String cluster = schedule.getSpec().clusterRef();
        backups = backups.stream()
                .filter(backup -> cluster.equals(backup.getSpec().clusterRef()))
                .toList();
    }

    /** Returns how far a backup is. */
    static BackupPhase phase(LockClusterBackup backup) {
        BackupPhase phase =
                backup.getStatus() == null ? null : backup.getStatus().phase();
        return phase == null ? BackupPhase.PENDING : phase;
    }

    /** Returns whether a backup has not ended yet. */
    static boolean isUnderWay(LockClusterBackup backup) {
        return phase(backup) == BackupPhase.PENDING || phase(backup) == BackupPhase.RUNNING;
    }

    /** Returns whether a backup goes already. */
    static boolean goes(LockClusterBackup backup) {
        return backup.getMetadata().getDeletionTimestamp() != null
                || "true".equals(annotation(backup, BackupNames.EXPIRED));
    }

    /** Returns the time for which a backup was made; that of its creation when it does not say. */
    static Instant scheduledAt(LockClusterBackup backup) {
        Instant noted = notedTime(backup);
        Instant created = time(backup.getMetadata().getCreationTimestamp());
        return noted != null ? noted : created != null ? created : Instant.EPOCH;
    }

    /** Returns the time for which a backup was made by its schedule; null when it does not say. */
    static @Nullable Instant notedTime(LockClusterBackup backup) {
        return time(annotation(backup, BackupNames.SCHEDULED_AT));
    }

    /** Returns a time of an object; null when there is none. */
    static @Nullable Instant time(@Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable String annotation(LockClusterBackup backup, String key) {
        Map<String, String> annotations = backup.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(key);
    }
}
