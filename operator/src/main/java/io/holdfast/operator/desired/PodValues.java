package io.holdfast.operator.desired;

import io.fabric8.kubernetes.api.model.Quantity;
import io.holdfast.operator.crd.v1alpha1.PullPolicy;
import io.holdfast.operator.crd.v1alpha1.ServiceType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of the kinds as Kubernetes writes them. */
final class PodValues {

    private PodValues() {}

    static String of(PullPolicy policy) {
        return switch (policy) {
            case ALWAYS -> "Always";
            case IF_NOT_PRESENT -> "IfNotPresent";
            case NEVER -> "Never";
        };
    }

    static String of(ServiceType type) {
        return switch (type) {
            case CLUSTER_IP -> "ClusterIP";
            case NODE_PORT -> "NodePort";
            case LOAD_BALANCER -> "LoadBalancer";
        };
    }

    static void put(Map<String, Quantity> amounts, String name, @Nullable String amount) {
        put(amounts, name, amount == null ? null : new Quantity(amount));
    }

    static void put(Map<String, Quantity> amounts, String name, @Nullable Quantity amount) {
        if (amount != null) {
            amounts.put(name, amount);
        }
    }
}
