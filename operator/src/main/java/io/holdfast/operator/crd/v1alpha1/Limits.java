package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** What a pod may use. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Limits(
        @JsonPropertyDescription("Cores.") @Nullable Quantity cpu,

        @JsonPropertyDescription("Bytes.") @Default("512Mi") @Size(min = 1, max = 24) @Pattern(Patterns.QUANTITY)
        String memory,

        @JsonPropertyDescription("Bytes of the node's own disk.")
        @Nullable
        @JsonProperty("ephemeral-storage")
        @Size(min = 1, max = 24)
        @Pattern(Patterns.QUANTITY)
        String ephemeralStorage) {

    static final Limits DEFAULT = new Limits(null, "512Mi", null);

    /** Gives what is absent its default. */
    public Limits {
        memory = memory == null ? "512Mi" : memory;
    }
}
