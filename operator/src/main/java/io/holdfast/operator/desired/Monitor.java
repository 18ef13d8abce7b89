package io.holdfast.operator.desired;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The ServiceMonitor of all members, for the Prometheus operator where its kinds exist. */
public final class Monitor {

    /** Its API. */
    public static final String API_VERSION = "monitoring.coreos.com/v1";

    /** Its kind. */
    public static final String KIND = "ServiceMonitor";

    private Monitor() {}

    /** Returns the monitor; empty when the cluster asks for none. */
    public static Optional<GenericKubernetesResource> of(LockCluster cluster) {
        if (!cluster.getSpec().services().serviceMonitor()) {
            return Optional.empty();
        }
        return Optional.of(new GenericKubernetesResourceBuilder()
                .withApiVersion(API_VERSION)
                .withKind(KIND)
                .withMetadata(Metadata.of(cluster, new Names(cluster).serviceMonitor(), Labels.of(cluster, "monitor")))
                .addToAdditionalProperties(
                        "spec",
                        new TreeMap<>(Map.of(
                                "selector", Map.of("matchLabels", Labels.of(cluster, PeersService.COMPONENT)),
                                "endpoints",
                                        List.of(new TreeMap<>(Map.of(
                                                "port",
                                                new Transport(cluster).isSecured() ? "management" : "http",
                                                "path",
                                                "/q/metrics"))))))
                .build());
    }
}
