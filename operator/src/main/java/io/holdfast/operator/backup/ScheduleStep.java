package io.holdfast.operator.backup;

import io.holdfast.operator.crd.v1alpha1.LockClusterBackupScheduleStatus;
import java.time.Duration;

/**
 * What one look at a schedule asks for: an action, and a report after it.
 *
 * @param status what is to be reported
 * @param action what to do first
 * @param again when to look again, if nothing happens before
 */
record ScheduleStep(LockClusterBackupScheduleStatus status, ScheduleAction action, Duration again) {}
