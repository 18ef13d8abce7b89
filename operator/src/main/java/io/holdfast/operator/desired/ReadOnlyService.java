package io.holdfast.operator.desired;

import io.fabric8.kubernetes.api.model.Service;
import io.holdfast.operator.crd.v1alpha1.LockCluster;

/** The Service of readers: observers that are ready, or voters in a cluster that has no observers. */
public final class ReadOnlyService {

    private ReadOnlyService() {}

    /**
     * Returns the Service of a cluster.
     *
     * @param observers whether the cluster has observers
     */
    public static Service of(LockCluster cluster, boolean observers) {
        return ClientServices.of(
                cluster,
                new Names(cluster).ro(),
                "ro",
                cluster.getSpec().services().ro(),
                Labels.selectMembers(cluster, observers ? Labels.OBSERVER : Labels.VOTER));
    }
}
