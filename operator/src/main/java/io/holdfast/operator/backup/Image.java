package io.holdfast.operator.backup;

import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The image that jobs run.
 *
 * @param pullPolicy as Kubernetes names it
 * @param pullSecrets names of Secrets of the namespace
 */
record Image(String name, String pullPolicy, List<String> pullSecrets) {

    /** Of a backup whose file is to be deleted: the image of its cluster, which may be gone by then. */
    private static final String NAME = "holdfast.dev/image";

    private static final String PULL_SECRETS = "holdfast.dev/image-pull-secrets";

    Image {
        pullSecrets = List.copyOf(pullSecrets);
    }

    /** Returns the image of a cluster. */
    static Image of(LockCluster cluster) {
        var spec = cluster.getSpec();
        String policy = switch (spec.imagePullPolicy()) {
            case ALWAYS -> "Always";
            case IF_NOT_PRESENT -> "IfNotPresent";
            case NEVER -> "Never";
        };
        return new Image(
                spec.image(),
                policy,
                spec.imagePullSecrets().stream()
                        .map(LocalObjectReference::getName)
                        .toList());
    }

    /** Returns the image that was noted at a backup. */
    static Optional<Image> notedAt(LockClusterBackup backup) {
        Map<String, String> annotations = backup.getMetadata().getAnnotations();
        String name = annotations == null ? null : annotations.get(NAME);
        if (name == null || name.isBlank()) {
            return Optional.empty();
        }
        String secrets = annotations.getOrDefault(PULL_SECRETS, "");
        return Optional.of(new Image(
                name,
                "IfNotPresent",
                Arrays.stream(secrets.split(",", -1))
                        .filter(secret -> !secret.isBlank())
                        .toList()));
    }

    /** Returns the annotations that note it. */
    Map<String, String> annotations() {
        return Map.of(NAME, name, PULL_SECRETS, String.join(",", pullSecrets));
    }

    /** Returns the Secrets as a pod refers to them. */
    List<LocalObjectReference> references() {
        return pullSecrets.stream().map(LocalObjectReference::new).collect(Collectors.toList());
    }
}
