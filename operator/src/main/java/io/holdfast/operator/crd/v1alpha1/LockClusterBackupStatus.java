package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far a backup is, and what it has. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LockClusterBackupStatus(
        @JsonPropertyDescription("How far it is.") @Nullable BackupPhase phase,

        @JsonPropertyDescription("Where it is stored.") @Nullable @Size(max = 2048)
        String location,

        @JsonPropertyDescription("The revision of the state in it.") @Nullable @Size(max = 64)
        String revision,

        @JsonPropertyDescription("The generation of the ensemble.") @Nullable
        Long generation,

        @JsonPropertyDescription("Its size.") @Nullable Long bytes,

        @JsonPropertyDescription("Of the file.") @Nullable @Size(max = 64)
        String sha256,

        @JsonPropertyDescription("When its job began.") @Nullable @Size(max = 40)
        String startedAt,

        @JsonPropertyDescription("When its job ended.") @Nullable @Size(max = 40)
        String completedAt,

        @JsonPropertyDescription("Complete, Failed.") @Size(max = 16)
        List<Condition> conditions) {

    /** Gives what is absent its default. */
    public LockClusterBackupStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
}
