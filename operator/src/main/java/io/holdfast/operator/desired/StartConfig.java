package io.holdfast.operator.desired;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The ConfigMap that says how a pod with an empty volume starts: it founds, once, or it joins. Pods read it when they
 * start; a change restarts none.
 */
public final class StartConfig {

    /** The setting with which voter 1 founds the ensemble. */
    public static final String MEMBERS = "HOLDFAST_MEMBERS";

    /** The setting with which a pod asks the voters for the configuration. */
    public static final String JOIN = "HOLDFAST_JOIN";

    /** The setting by which a pod knows that a volume or an ensemble is another one's. */
    public static final String GENERATION = "HOLDFAST_GENERATION";

    private StartConfig() {}

    /** Returns it for an ensemble that is to be founded by voter 1 alone. */
    public static ConfigMap founding(LockCluster cluster) {
        return of(cluster, Map.of(MEMBERS, "1@" + new Names(cluster).address(1)));
    }

    /**
     * Returns it for an ensemble that exists, with the generation that the cluster's status has.
     *
     * @param voters ids of all voters, at least one
     */
    public static ConfigMap joining(LockCluster cluster, List<Integer> voters) {
        if (voters.isEmpty()) {
            throw new IllegalArgumentException("nothing can be joined without a voter");
        }
        var names = new Names(cluster);
        var addresses = voters.stream().sorted().map(names::address).collect(Collectors.joining(","));
        var data = new TreeMap<>(Map.of(JOIN, addresses));
        var status = cluster.getStatus();
        var generation = status == null ? null : status.generation();
        if (generation != null) {
            data.put(GENERATION, Long.toString(generation));
        }
        return of(cluster, data);
    }

    private static ConfigMap of(LockCluster cluster, Map<String, String> data) {
        return new ConfigMapBuilder()
                .withMetadata(Metadata.of(cluster, new Names(cluster).start(), Labels.of(cluster, "start")))
                .withData(data)
                .build();
    }
}
