package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** A Service that clients use. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClientService(
        @JsonPropertyDescription("How it is reached.") @Default("ClusterIP")
        ServiceType type,

        @JsonPropertyDescription("For load balancers and the like.") @Size(max = 32)
        Map<String, String> annotations) {

    static final ClientService DEFAULT = new ClientService(ServiceType.CLUSTER_IP, Map.of());

    /** Gives what is absent its default. */
    public ClientService {
        type = type == null ? ServiceType.CLUSTER_IP : type;
        annotations = annotations == null ? Map.of() : Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
    }
}
