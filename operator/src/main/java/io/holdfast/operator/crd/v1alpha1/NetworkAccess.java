package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import java.util.List;

/** Which pods reach which port. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record NetworkAccess(
        @JsonPropertyDescription("Whether a NetworkPolicy is made.") @Default("true")
        Boolean enabled,

        @JsonPropertyDescription("Sources that reach the client port, beside members, the operator and "
                + "monitoring. None: every source does.")
        @Size(max = 32)
        List<NetworkPolicyPeer> clients) {

    /** Gives what is absent its default. */
    public NetworkAccess {
        enabled = enabled == null ? true : enabled;
        clients = clients == null ? List.of() : List.copyOf(clients);
    }
}
