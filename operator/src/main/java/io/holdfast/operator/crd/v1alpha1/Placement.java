package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/** Where pods are put. Zones are always preferred to be different. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Placement(
        @JsonPropertyDescription("Whether a pod waits for a host on which it is not one too many.") @Default("Required")
        Spread hosts) {

    static final Placement DEFAULT = new Placement(Spread.REQUIRED);

    /** Gives what is absent its default. */
    public Placement {
        hosts = hosts == null ? Spread.REQUIRED : hosts;
    }
}
