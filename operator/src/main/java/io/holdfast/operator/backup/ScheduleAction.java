package io.holdfast.operator.backup;

import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import java.time.Instant;

/** One thing to do for a schedule. */
sealed interface ScheduleAction {

    /** There is nothing to do but to look again. */
    record None() implements ScheduleAction {}

    /** Make the backup of a time; it has the same name however often it is made. */
    record MakeBackup(String name, Instant scheduledAt) implements ScheduleAction {}

    /** Delete a backup that is not kept, and whose file stays. */
    record Delete(LockClusterBackup backup) implements ScheduleAction {}

    /** Mark a backup that is not kept: its file is deleted, and then it. */
    record Expire(LockClusterBackup backup) implements ScheduleAction {}
}
