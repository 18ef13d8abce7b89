package io.holdfast.operator.backup;

import io.fabric8.kubernetes.api.model.Pod;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.desired.Labels;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The pods of a cluster as sources of a backup. Pure. */
final class Sources {

    private static final int ID_MAX = 65_535;

    private Sources() {}

    /** Returns those that are ready. */
    static List<Source> of(LockCluster cluster, List<Pod> pods) {
        Integer leader =
                cluster.getStatus() == null ? null : cluster.getStatus().leader();
        return pods.stream()
                .filter(Sources::isReady)
                .map(pod -> source(pod, leader))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Source> source(Pod pod, @Nullable Integer leader) {
        Map<String, String> labels =
                Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.of());
        boolean observer = Labels.OBSERVER.equals(labels.get(Labels.COMPONENT));
        return id(labels.get(observer ? Labels.POD_INDEX : Labels.MEMBER))
                .map(id -> new Source(pod.getMetadata().getName(), id, observer, role(id, leader)));
    }

    private static Source.Role role(int id, @Nullable Integer leader) {
        return leader == null ? Source.Role.UNKNOWN : leader == id ? Source.Role.LEADS : Source.Role.FOLLOWS;
    }

    private static Optional<Integer> id(@Nullable String text) {
        if (text == null || !text.matches("[0-9]{1,5}")) {
            return Optional.empty();
        }
        int id = Integer.parseInt(text);
        return id >= 1 && id <= ID_MAX ? Optional.of(id) : Optional.empty();
    }

    private static boolean isReady(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null
                && pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }
}
