package io.holdfast.operator.desired;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.holdfast.operator.crd.v1alpha1.ClientService;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.ServiceType;
import java.util.Map;

/** What the Services that clients use have in common. */
final class ClientServices {

    private ClientServices() {}

    static Service of(
            LockCluster cluster, String name, String component, ClientService asked, Map<String, String> selector) {
        var metadata = Metadata.of(cluster, name, Labels.of(cluster, component))
                .edit()
                .withAnnotations(asked.annotations())
                .build();
        var service = new ServiceBuilder()
                .withMetadata(metadata)
                .withNewSpec()
                .withType(PodValues.of(asked.type()))
                .withSelector(selector)
                .withPorts(PeersService.clientPorts(new Transport(cluster)))
                .withSessionAffinity("None")
                .withInternalTrafficPolicy("Cluster")
                .endSpec();
        if (asked.type() != ServiceType.CLUSTER_IP) {
            service.editSpec().withExternalTrafficPolicy("Cluster").endSpec();
        }
        if (asked.type() == ServiceType.LOAD_BALANCER) {
            service.editSpec().withAllocateLoadBalancerNodePorts(true).endSpec();
        }
        return service.build();
    }
}
