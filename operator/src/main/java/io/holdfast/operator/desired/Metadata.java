package io.holdfast.operator.desired;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import java.util.Map;

/** Name, labels and owner of an object of a cluster. */
final class Metadata {

    private Metadata() {}

    static ObjectMeta of(LockCluster cluster, String name, Map<String, String> labels) {
        return unowned(cluster, name, labels)
                .edit()
                .withOwnerReferences(owner(cluster))
                .build();
    }

    /** Of an object that stays when its cluster goes. */
    static ObjectMeta unowned(LockCluster cluster, String name, Map<String, String> labels) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(cluster.getMetadata().getNamespace())
                .withLabels(labels)
                .build();
    }

    /** To block the deletion of the owner would need a right of its own where that is checked, and is of no use. */
    static OwnerReference owner(LockCluster cluster) {
        return new OwnerReferenceBuilder()
                .withApiVersion(cluster.getApiVersion())
                .withKind(cluster.getKind())
                .withName(cluster.getMetadata().getName())
                .withUid(cluster.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(false)
                .build();
    }
}
