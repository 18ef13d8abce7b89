package io.holdfast.operator.paper.kubelet;

import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts pods on nodes: those that take them, spread as pods demand, the emptiest first. Used by one thread. */
final class Scheduler {

    private final KubernetesClient client;
    private final Set<String> told = new HashSet<>();

    Scheduler(KubernetesClient client) {
        this.client = client;
    }

    void schedule(Pod pod, List<Pod> pods, List<Node> nodes, List<PersistentVolumeClaim> claims) {
        var reason = claims(pod, claims);
        var fitting = nodes.stream()
                .filter(Scheduler::takesPods)
                .filter(node -> spreads(pod, node, pods, nodes))
                .min(Comparator.<Node>comparingLong(node ->
                                pods.stream().filter(each -> isOn(each, node)).count())
                        .thenComparing(node -> node.getMetadata().getName()));
        if (reason.isEmpty() && fitting.isPresent()) {
            client.bindings()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .resource(new BindingBuilder()
                            .withNewMetadata()
                            .withName(pod.getMetadata().getName())
                            .endMetadata()
                            .withNewTarget()
                            .withApiVersion("v1")
                            .withKind("Node")
                            .withName(fitting.get().getMetadata().getName())
                            .endTarget()
                            .build())
                    .create();
        } else if (told.add(pod.getMetadata().getUid())) {
            unschedulable(pod, reason.isEmpty() ? "0/" + nodes.size() + " nodes are available" : reason);
        }
    }

    private void unschedulable(Pod pod, String message) {
        client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(pod.getMetadata().getName())
                        .withNamespace(pod.getMetadata().getNamespace())
                        .withUid(pod.getMetadata().getUid())
                        .endMetadata()
                        .withNewStatus()
                        .withPhase("Pending")
                        .addNewCondition()
                        .withType("PodScheduled")
                        .withStatus("False")
                        .withReason("Unschedulable")
                        .withMessage(message)
                        .withLastTransitionTime(ContainerRun.now())
                        .endCondition()
                        .endStatus()
                        .build())
                .patchStatus();
    }

    private static String claims(Pod pod, List<PersistentVolumeClaim> claims) {
        for (var volume : pod.getSpec().getVolumes()) {
            if (volume.getPersistentVolumeClaim() != null) {
                var name = volume.getPersistentVolumeClaim().getClaimName();
                var claim = claims.stream()
                        .filter(each -> each.getMetadata().getName().equals(name))
                        .filter(each -> each.getMetadata()
                                .getNamespace()
                                .equals(pod.getMetadata().getNamespace()))
                        .findFirst();
                if (claim.isEmpty() || claim.get().getMetadata().getDeletionTimestamp() != null) {
                    return "persistentvolumeclaim \"" + name + "\" not found";
                }
                if (!"Bound".equals(claim.get().getStatus().getPhase())) {
                    return "persistentvolumeclaim \"" + name + "\" is not bound";
                }
            }
        }
        return "";
    }

    private static boolean takesPods(Node node) {
        return !Boolean.TRUE.equals(node.getSpec().getUnschedulable())
                && node.getSpec().getTaints().isEmpty();
    }

    private static boolean spreads(Pod pod, Node node, List<Pod> pods, List<Node> nodes) {
        return pod.getSpec().getTopologySpreadConstraints().stream()
                .filter(each -> "DoNotSchedule".equals(each.getWhenUnsatisfiable()))
                .allMatch(each -> spreads(each, pod, node, pods, nodes));
    }

    private static boolean spreads(
            TopologySpreadConstraint constraint, Pod pod, Node node, List<Pod> pods, List<Node> nodes) {
        var isOfFew = constraint.getMinDomains() != null && nodes.size() < constraint.getMinDomains();
        var least = isOfFew
                ? 0
                : nodes.stream()
                        .mapToLong(each -> selected(constraint, pod, each, pods))
                        .min()
                        .orElse(0);
        return selected(constraint, pod, node, pods) + 1 - least <= constraint.getMaxSkew();
    }

    /** Each node is a domain of its own, whatever the constraint's key: there are no zones. */
    private static long selected(TopologySpreadConstraint constraint, Pod pod, Node node, List<Pod> pods) {
        return pods.stream()
                .filter(each -> isOn(each, node))
                .filter(each -> each.getMetadata().getDeletionTimestamp() == null)
                .filter(each -> each.getMetadata()
                        .getNamespace()
                        .equals(pod.getMetadata().getNamespace()))
                .filter(each -> matches(
                        constraint.getLabelSelector(), each.getMetadata().getLabels()))
                .count();
    }

    static boolean matches(LabelSelector selector, Map<String, String> labels) {
        return matches(selector.getMatchLabels(), labels)
                && selector.getMatchExpressions().stream().allMatch(each -> switch (each.getOperator()) {
                    case "In" -> each.getValues().contains(labels.get(each.getKey()));
                    case "NotIn" -> !each.getValues().contains(labels.get(each.getKey()));
                    case "Exists" -> labels.containsKey(each.getKey());
                    default -> !labels.containsKey(each.getKey());
                });
    }

    static boolean matches(Map<String, String> wanted, Map<String, String> labels) {
        return wanted == null || (labels != null && labels.entrySet().containsAll(wanted.entrySet()));
    }

    private static boolean isOn(Pod pod, Node node) {
        return node.getMetadata().getName().equals(pod.getSpec().getNodeName());
    }
}
