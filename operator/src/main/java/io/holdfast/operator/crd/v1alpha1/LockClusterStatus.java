package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was seen of an ensemble in the last look. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LockClusterStatus(
        @JsonPropertyDescription("The generation of the specification that this is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("The ensemble's own: drawn when it was founded or recovered.") @Nullable
        Long generation,

        @JsonPropertyDescription("Whether it had all its voters once.") @Nullable
        Boolean initialized,

        @JsonPropertyDescription("The id of the next voter. It only grows.") @Nullable
        Integer nextId,

        @JsonPropertyDescription("Id of the leader.") @Nullable
        Integer leader,

        @JsonPropertyDescription("Of the leader.") @Nullable Long epoch,

        @JsonPropertyDescription("Of the rules and formats that the ensemble uses.") @Nullable
        Integer level,

        @JsonPropertyDescription("Voters that are ready and in step.") @Nullable
        Integer readyVoters,

        @JsonPropertyDescription("Quorate, Available, Progressing, Degraded.") @Size(max = 16)
        List<Condition> conditions,

        @JsonPropertyDescription("Members, by id.") @Size(max = 64)
        List<MemberStatus> members,

        @JsonPropertyDescription("With the annotation dry-run: what would be done, in order.") @Size(max = 64)
        List<PlannedAction> plan,

        @JsonPropertyDescription("With the annotation recover: what each volume has.") @Size(max = 16)
        List<RecoveryStatus> recovery,

        @JsonPropertyDescription("The recovery that was confirmed last.") @Nullable
        RecoveredStatus recovered,

        @JsonPropertyDescription("How far members are with TLS.") @Nullable
        TlsStatus tls) {

    /** Gives what is absent its default. */
    public LockClusterStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        members = members == null ? List.of() : List.copyOf(members);
        plan = plan == null ? List.of() : List.copyOf(plan);
        recovery = recovery == null ? List.of() : List.copyOf(recovery);
    }
}
