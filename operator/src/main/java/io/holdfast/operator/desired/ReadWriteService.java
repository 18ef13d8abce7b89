package io.holdfast.operator.desired;

import io.fabric8.kubernetes.api.model.Service;
import io.holdfast.operator.crd.v1alpha1.LockCluster;

/** The Service of all members that are ready: each of them takes any request. */
public final class ReadWriteService {

    private ReadWriteService() {}

    /** Returns the Service of a cluster. */
    public static Service of(LockCluster cluster) {
        return ClientServices.of(
                cluster,
                new Names(cluster).rw(),
                "rw",
                cluster.getSpec().services().rw(),
                Labels.selectMembers(cluster));
    }
}
