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

/** What a pod is promised. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Requests(
        @JsonPropertyDescription("Cores.") @Default("250m") Quantity cpu,

        @JsonPropertyDescription("Bytes; absent: as the limit.")
        @Nullable
        @Size(min = 1, max = 24)
        @Pattern(Patterns.QUANTITY)
        String memory,

        @JsonPropertyDescription("Bytes of the node's own disk.")
        @Nullable
        @JsonProperty("ephemeral-storage")
        @Size(min = 1, max = 24)
        @Pattern(Patterns.QUANTITY)
        String ephemeralStorage) {

    static final Requests DEFAULT = new Requests(new Quantity("250m"), null, null);

    /** Gives what is absent its default. */
    public Requests {
        cpu = cpu == null ? new Quantity("250m") : cpu;
    }
}
