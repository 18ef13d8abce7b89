package io.holdfast.operator.desired;

import io.fabric8.kubernetes.api.model.Quantity;
import io.holdfast.operator.crd.v1alpha1.PullPolicy;
import io.holdfast.operator.crd.v1alpha1.ServiceType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values as Kubernetes writes them. */
public final class PodValues {

    private PodValues() {}

    /** Kubernetes puts variables of the environment where a value or an argument has {@code $(NAME)}. */
    public static String literal(String text) {
        return text.replace("$", "$$");
    }

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
