package io.holdfast.operator.backup;

import io.fabric8.kubernetes.api.model.Condition;
import io.holdfast.operator.backup.BackupConditions.Reason;
import io.holdfast.operator.backup.BackupStep.State;
import io.holdfast.operator.crd.v1alpha1.BackupPhase;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The status of a backup, from what is to be reported and from what was. Pure. */
final class BackupStatuses {

    private BackupStatuses() {}

    /** Returns the status; equal to the one before when there is nothing new. */
    static LockClusterBackupStatus of(LockClusterBackup backup, State state, Instant now) {
        LockClusterBackupStatus before = backup.getStatus();
        List<Condition> old = before == null ? List.of() : before.conditions();
        Long generation = backup.getMetadata().getGeneration();
        if (state.kept() != null && before != null) {
            // Of a backup that goes only that is new: what it is stays as it was reported.
            var why = new Reason(state.kept().reason(), state.kept().message());
            List<Condition> conditions = new ArrayList<>(old.stream()
                    .filter(condition -> !BackupConditions.FILE_DELETED.equals(condition.getType()))
                    .toList());
            conditions.add(BackupConditions.of(old, BackupConditions.FILE_DELETED, false, why, generation, now));
            return copy(before, conditions);
        }
        var why = new Reason(state.reason(), state.message());
        List<Condition> conditions = List.of(
                BackupConditions.of(
                        old, BackupConditions.COMPLETE, state.phase() == BackupPhase.COMPLETED, why, generation, now),
                BackupConditions.of(
                        old, BackupConditions.FAILED, state.phase() == BackupPhase.FAILED, why, generation, now));
        BackupStep.Found found = state.found();
        BackupReport report = found == null ? null : found.report();
        return new LockClusterBackupStatus(
                state.phase(),
                found == null ? null : found.location(),
                report == null ? null : report.revision(),
                report == null ? null : report.generation(),
                report == null ? null : report.bytes(),
                report == null ? null : report.sha256(),
                startedAt(before, state),
                state.endedAt(),
                conditions);
    }

    private static @Nullable String startedAt(@Nullable LockClusterBackupStatus before, State state) {
        String given = state.startedAt();
        return given != null || before == null ? given : before.startedAt();
    }

    private static LockClusterBackupStatus copy(LockClusterBackupStatus status, List<Condition> conditions) {
        return new LockClusterBackupStatus(
                status.phase(),
                status.location(),
                status.revision(),
                status.generation(),
                status.bytes(),
                status.sha256(),
                status.startedAt(),
                status.completedAt(),
                conditions);
    }
}
