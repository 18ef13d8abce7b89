package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a policy. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LockPolicyStatus(
        @JsonPropertyDescription("The generation of the specification that this is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Accepted.") @Size(max = 4) List<Condition> conditions) {

    /** Gives what is absent its default. */
    public LockPolicyStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
}
