package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How a change goes from pod to pod. */
@ValidationRule(
        value = "duration(self.minReady) < duration(self.progressDeadline)",
        message = "minReady is not shorter than progressDeadline: lower it, no change could ever go on")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Updates(
        @JsonPropertyDescription("How long every voter is in step before the next pod is taken.")
        @Default("10s")
        @Size(max = 10)
        @Pattern(Patterns.DURATION)
        String minReady,

        @JsonPropertyDescription("How long a pod may take until it is in step before the change counts as stuck.")
        @Default("10m")
        @Size(max = 10)
        @Pattern(Patterns.DURATION)
        String progressDeadline,

        @JsonPropertyDescription("Transactions that a voter may be behind and still be in step.")
        @Default("1000")
        @Min(0)
        @Max(1000000)
        Integer lagMax) {

    static final Updates DEFAULT = new Updates("10s", "10m", 1000);

    /** Gives what is absent its default. */
    public Updates {
        minReady = minReady == null ? "10s" : minReady;
        progressDeadline = progressDeadline == null ? "10m" : progressDeadline;
        lagMax = lagMax == null ? 1000 : lagMax;
    }
}
