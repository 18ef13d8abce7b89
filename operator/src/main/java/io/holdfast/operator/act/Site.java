package io.holdfast.operator.act;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.look.Blueprint;
import io.holdfast.operator.look.Sight;
import io.holdfast.operator.plan.Look;

/**
 * Where an action takes place: what was seen, what shall be, and the status in which intents are written.
 *
 * @param sight that the action was decided for
 * @param blueprint of the cluster
 * @param record of the cluster's status
 */
record Site(Sight sight, Blueprint blueprint, StatusRecord<LockCluster> record) {

    String namespace() {
        return blueprint.namespace();
    }

    LockCluster cluster() {
        return sight.cluster();
    }

    static Look.Version version(HasMetadata object) {
        return new Look.Version(
                object.getMetadata().getName(),
                object.getMetadata().getUid(),
                object.getMetadata().getResourceVersion());
    }
}
