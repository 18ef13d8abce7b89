package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a schedule did and will do. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LockClusterBackupScheduleStatus(
        @JsonPropertyDescription("The generation of the specification that this is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("The time for which the last backup was made.") @Nullable @Size(max = 40)
        String lastScheduleTime,

        @JsonPropertyDescription("The time of the next backup.") @Nullable @Size(max = 40)
        String nextScheduleTime,

        @JsonPropertyDescription("Name of the last backup.") @Nullable @Size(max = 253)
        String lastBackup,

        @JsonPropertyDescription("When the newest completed backup ended.") @Nullable @Size(max = 40)
        String lastSuccessfulTime,

        @JsonPropertyDescription("As of the cluster.") @Size(max = 16)
        List<Condition> conditions) {

    /** Gives what is absent its default. */
    public LockClusterBackupScheduleStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
}
