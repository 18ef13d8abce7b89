package io.holdfast.operator.backup;

import io.holdfast.operator.crd.v1alpha1.BackupPhase;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of a backup, all of it from the API server and the nodes, at one time.
 *
 * @param cluster that it is a backup of; absent when there is none of that name
 * @param sources ready pods of the cluster
 * @param job that makes the backup; absent when there is none
 * @param deletion job that deletes its file; absent when there is none
 * @param beside whether the operator runs in the namespace of the backup
 */
record BackupLook(
        LockClusterBackup backup,
        @Nullable LockCluster cluster,
        List<Source> sources,
        @Nullable JobLook job,
        @Nullable JobLook deletion,
        boolean beside) {

    BackupLook {
        sources = List.copyOf(sources);
    }

    BackupPhase phase() {
        LockClusterBackupStatus status = backup.getStatus();
        BackupPhase phase = status == null ? null : status.phase();
        return phase == null ? BackupPhase.PENDING : phase;
    }

    boolean isOver() {
        return phase() == BackupPhase.COMPLETED || phase() == BackupPhase.FAILED;
    }

    boolean hasFinalizer() {
        return backup.getMetadata().getFinalizers().contains(BackupNames.FINALIZER);
    }

    boolean isDeleted() {
        return backup.getMetadata().getDeletionTimestamp() != null;
    }

    /** Returns whether a schedule no longer keeps it. */
    boolean isExpired() {
        var annotations = backup.getMetadata().getAnnotations();
        return annotations != null && "true".equals(annotations.get(BackupNames.EXPIRED));
    }
}
