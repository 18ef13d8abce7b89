package io.holdfast.operator.desired;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The NetworkPolicy of all members. Peers are reached by pods of the cluster only; clients' requests come from the
 * sources that the cluster names, from its own pods, the operator, the component that ends sessions of pods that are
 * dead, and Prometheus.
 */
public final class Access {

    private static final String PROMETHEUS = "prometheus";
    private static final String CONFIRMED_DEATH = "holdfast-confirmed-death";

    private Access() {}

    /** Returns the policy; empty when the cluster asks for none. */
    public static Optional<NetworkPolicy> of(LockCluster cluster) {
        var asked = cluster.getSpec().networkPolicy();
        if (asked == null || !asked.enabled()) {
            return Optional.empty();
        }
        var own = new NetworkPolicyPeerBuilder()
                .withPodSelector(selector(Labels.selectAll(cluster)))
                .build();
        var sources = new ArrayList<NetworkPolicyPeer>();
        if (!asked.clients().isEmpty()) {
            sources.addAll(List.of(own, anywhere(Labels.OPERATOR), anywhere(CONFIRMED_DEATH), anywhere(PROMETHEUS)));
            sources.addAll(asked.clients());
        }
        return Optional.of(new NetworkPolicyBuilder()
                .withMetadata(Metadata.of(cluster, new Names(cluster).networkPolicy(), Labels.of(cluster, "access")))
                .withNewSpec()
                .withPodSelector(selector(Labels.selectMembers(cluster)))
                .withPolicyTypes("Ingress")
                .withIngress(rules(cluster, own, sources))
                .endSpec()
                .build());
    }

    private static List<NetworkPolicyIngressRule> rules(
            LockCluster cluster, NetworkPolicyPeer own, List<NetworkPolicyPeer> clients) {
        var transport = new Transport(cluster);
        var rules = new ArrayList<NetworkPolicyIngressRule>();
        rules.add(rule(Names.PEER_PORT, List.of(own)));
        // Pods keep the ports that they were made with until they are replaced, so all are open, at each stage.
        boolean isEither = cluster.getSpec().tls() != null;
        Collection<Integer> ports = isEither
                ? List.of(Names.HTTP_PORT, Names.HTTPS_PORT)
                : transport.clientPorts().values();
        ports.forEach(port -> rules.add(rule(port, clients)));
        if (isEither || transport.isSecured()) {
            rules.add(rule(Names.MANAGEMENT_PORT, List.of(anywhere(PROMETHEUS))));
        }
        return rules;
    }

    private static NetworkPolicyPeer anywhere(String name) {
        return new NetworkPolicyPeerBuilder()
                .withNewNamespaceSelector()
                .endNamespaceSelector()
                .withPodSelector(selector(Map.of(Labels.NAME, name)))
                .build();
    }

    private static LabelSelector selector(Map<String, String> labels) {
        return new LabelSelectorBuilder().withMatchLabels(labels).build();
    }

    private static NetworkPolicyIngressRule rule(int port, List<NetworkPolicyPeer> sources) {
        return new NetworkPolicyIngressRuleBuilder()
                .withFrom(sources)
                .addNewPort()
                .withPort(new IntOrString(port))
                .withProtocol("TCP")
                .endPort()
                .build();
    }
}
