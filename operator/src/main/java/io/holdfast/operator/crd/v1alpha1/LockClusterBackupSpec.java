package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What is backed up, and where it is stored. */
@ValidationRule(
        value = "self == oldSelf",
        message = "the spec of a backup cannot change: make another LockClusterBackup")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LockClusterBackupSpec(
        @JsonPropertyDescription("The LockCluster of this namespace.")
        @Required
        @Size(min = 1, max = 40)
        @Pattern(Patterns.CLUSTER)
        String clusterRef,

        @JsonPropertyDescription("Whether the stored backup is deleted with this object.") @Default("Retain")
        Removal deletionPolicy,

        @JsonPropertyDescription("Where it is stored.") @Required
        BackupTarget target) {

    /** Gives what is absent its default. */
    public LockClusterBackupSpec {
        deletionPolicy = deletionPolicy == null ? Removal.RETAIN : deletionPolicy;
    }
}
