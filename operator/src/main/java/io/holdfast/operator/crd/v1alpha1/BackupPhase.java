package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a backup is. */
public enum BackupPhase {
    /** It has not begun. */
    @JsonProperty("Pending")
    PENDING,

    /** Its job runs. */
    @JsonProperty("Running")
    RUNNING,

    /** It is stored, and was read back. */
    @JsonProperty("Completed")
    COMPLETED,

    /** It failed, for good. */
    @JsonProperty("Failed")
    FAILED
}
