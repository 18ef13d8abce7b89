package io.holdfast.operator.desired;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockClusterStatus;
import io.holdfast.operator.crd.v1alpha1.LockObservers;
import java.util.List;

/** Objects of the kinds, for tests, from the YAML of their specs. */
final class Clusters {

    private static final String META = """
            apiVersion: holdfast.dev/v1alpha1
            kind: %s
            metadata: {name: %s, namespace: shop, uid: 77777777-7777-7777-7777-777777777777}
            spec: %s
            """;

    private Clusters() {}

    static LockCluster cluster(String spec) {
        return Serialization.unmarshal(META.formatted("LockCluster", "orders", spec), LockCluster.class);
    }

    /** Returns a cluster whose ensemble exists, in generation 7. */
    static LockCluster founded(String spec) {
        var cluster = cluster(spec);
        cluster.setStatus(new LockClusterStatus(
                1L, 7L, true, 4, 1, 1L, 3, 3, List.of(), List.of(), List.of(), List.of(), null, null));
        return cluster;
    }

    static LockObservers observers(String spec) {
        return Serialization.unmarshal(META.formatted("LockObservers", "readers", spec), LockObservers.class);
    }
}
