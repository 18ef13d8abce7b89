package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/** The Services that clients use. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Services(
        @JsonPropertyDescription("All members that are ready.") @Default("{}")
        ClientService rw,

        @JsonPropertyDescription("Observers that are ready; voters if the cluster has no observers.") @Default("{}")
        ClientService ro,

        @JsonPropertyDescription("Whether a ServiceMonitor is made, where that kind exists.") @Default("false")
        boolean serviceMonitor) {

    static final Services DEFAULT = new Services(ClientService.DEFAULT, ClientService.DEFAULT, false);

    /** Gives what is absent its default. */
    public Services {
        rw = rw == null ? ClientService.DEFAULT : rw;
        ro = ro == null ? ClientService.DEFAULT : ro;
    }
}
