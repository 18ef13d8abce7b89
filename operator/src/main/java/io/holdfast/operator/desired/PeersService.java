package io.holdfast.operator.desired;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import java.util.ArrayList;
import java.util.List;

/** The headless Service that gives every member its name, also before it is ready. */
public final class PeersService {

    /** What the labels of the Service call it. */
    static final String COMPONENT = "peers";

    private PeersService() {}

    /** Returns the Service of a cluster. */
    public static Service of(LockCluster cluster) {
        return new ServiceBuilder()
                .withMetadata(Metadata.of(cluster, new Names(cluster).peers(), Labels.of(cluster, COMPONENT)))
                .withNewSpec()
                .withType("ClusterIP")
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(Labels.selectMembers(cluster))
                .withPorts(ports(cluster))
                .withSessionAffinity("None")
                .withInternalTrafficPolicy("Cluster")
                .endSpec()
                .build();
    }

    private static List<ServicePort> ports(LockCluster cluster) {
        var transport = new Transport(cluster);
        var ports = new ArrayList<ServicePort>();
        ports.add(port("peer", Names.PEER_PORT));
        ports.addAll(clientPorts(transport));
        if (transport.isSecured()) {
            ports.add(port("management", Names.MANAGEMENT_PORT));
        }
        return ports;
    }

    static List<ServicePort> clientPorts(Transport transport) {
        return transport.clientPorts().entrySet().stream()
                .map(port -> port(port.getKey(), port.getValue()))
                .toList();
    }

    static ServicePort port(String name, int number) {
        return new ServicePortBuilder()
                .withName(name)
                .withPort(number)
                .withTargetPort(new IntOrString(name))
                .withProtocol("TCP")
                .build();
    }
}
