package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import org.jspecify.annotations.Nullable;

/** What is asked of a set of observers. */
@ValidationRule(
        value = "self.clusterRef == oldSelf.clusterRef",
        message = "clusterRef cannot change: make another LockObservers for the other cluster")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LockObserversSpec(
        @JsonPropertyDescription("The LockCluster of this namespace.")
        @Required
        @Size(min = 1, max = 40)
        @Pattern(Patterns.CLUSTER)
        String clusterRef,

        @JsonPropertyDescription("Observers. With a HorizontalPodAutoscaler leave it out.")
        @SpecReplicas
        @Default("1")
        @Min(0)
        @Max(50)
        Integer replicas,

        @JsonPropertyDescription("Their volumes.") @Default("{}")
        ObserverStorage storage,

        @JsonPropertyDescription("Of the container of each observer.") @Default("{}")
        Resources resources,

        @JsonPropertyDescription(
                "A PodTemplateSpec that is merged over what the operator renders, containers by their names.")
        @Nullable
        ObjectNode podTemplate) {

    /** Gives what is absent its default. */
    public LockObserversSpec {
        replicas = replicas == null ? 1 : replicas;
        storage = storage == null ? ObserverStorage.DEFAULT : storage;
        resources = resources == null ? Resources.DEFAULT : resources;
    }
}
