package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was seen of a set of observers in the last look. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LockObserversStatus(
        @JsonPropertyDescription("The generation of the specification that this is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Pods.") @StatusReplicas @Nullable
        Integer replicas,

        @JsonPropertyDescription("Pods that are ready.") @Nullable
        Integer readyReplicas,

        @JsonPropertyDescription("Id of the first observer.") @Nullable
        Integer firstId,

        @JsonPropertyDescription("Selects the pods, for a HorizontalPodAutoscaler.")
        @LabelSelector
        @Nullable
        @Size(max = 1024)
        String selector,

        @JsonPropertyDescription("As of the cluster.") @Size(max = 16)
        List<Condition> conditions) {

    /** Gives what is absent its default. */
    public LockObserversStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
}
