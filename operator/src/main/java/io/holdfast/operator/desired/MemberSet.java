package io.holdfast.operator.desired;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetPersistentVolumeClaimRetentionPolicy;
import java.util.Map;

/** What all StatefulSets of members have in common. */
final class MemberSet {

    private MemberSet() {}

    /** Pods are taken down by eviction only, and come back by themselves whatever state the others are in. */
    static StatefulSet of(
            ObjectMeta metadata, String service, Map<String, String> selector, PodTemplateSpec template, String hash) {
        return new StatefulSetBuilder()
                .withMetadata(
                        metadata.edit().addToAnnotations(Labels.TEMPLATE, hash).build())
                .withNewSpec()
                .withServiceName(service)
                .withPodManagementPolicy("Parallel")
                .withRevisionHistoryLimit(2)
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .withNewSelector()
                .withMatchLabels(selector)
                .endSelector()
                .withTemplate(template.edit()
                        .editMetadata()
                        .addToAnnotations(Labels.TEMPLATE, hash)
                        .endMetadata()
                        .build())
                .endSpec()
                .build();
    }

    static StatefulSetPersistentVolumeClaimRetentionPolicy retention(String policy) {
        return new StatefulSetPersistentVolumeClaimRetentionPolicy(policy, policy);
    }
}
