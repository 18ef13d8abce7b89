package io.holdfast.operator.death;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells from a pod and its node whether the pod is dead. Proof is either the kubelet's own word, that every container
 * has terminated and none can start again, or an admin's word, the node's taint {@code out-of-service}. All else is no
 * proof: phase {@code Failed} alone is set by pod garbage collection, a node that is not ready may run what it ran, and
 * a container that has ended may be started again.
 */
public final class ProofOfDeath {

    static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

    private static final String ALWAYS = "Always";
    private static final String NEVER = "Never";
    private static final String ON_FAILURE = "OnFailure";
    /** The kubelet lost track of a container, and made its state up. */
    private static final String LOST_TRACK = "ContainerStatusUnknown";

    private static final String BY_GARBAGE_COLLECTION = "DeletionByPodGC";
    private static final Set<String> TERMINAL = Set.of("Succeeded", "Failed");
    private static final Duration GRACE_DEFAULT = Duration.ofSeconds(30);

    private ProofOfDeath() {}

    /**
     * Judges.
     *
     * @param pod as it was read
     * @param node of the pod as it was read, or null if there is none
     */
    public static Verdict of(Pod pod, @Nullable Node node) {
        if (node != null && isOutOfService(node)) {
            return isReady(node)
                    ? Verdict.unknown("node " + node.getMetadata().getName() + " has the taint " + OUT_OF_SERVICE
                            + " and is Ready: take the taint away")
                    : Verdict.dead("node " + node.getMetadata().getName() + " has the taint " + OUT_OF_SERVICE);
        }
        List<ContainerStateTerminated> ends = new ArrayList<>();
        Optional<String> runs = mayRun(pod, ends);
        return runs.isPresent() ? Verdict.unknown(runs.get()) : restart(pod, node, ends);
    }

    /** Whether all containers of a pod have ended, so that it is worth to be read again with its node. */
    static boolean isEnded(Pod pod) {
        return mayRun(pod, new ArrayList<>()).isEmpty();
    }

    /** Whether an admin says that the node is off, so that nothing of it runs. */
    static boolean isOutOfService(Node node) {
        return node.getSpec() != null
                && node.getSpec().getTaints() != null
                && node.getSpec().getTaints().stream().anyMatch(taint -> OUT_OF_SERVICE.equals(taint.getKey()));
    }

    private static boolean isReady(Node node) {
        return node.getStatus() != null
                && node.getStatus().getConditions() != null
                && node.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    /** Why a container may run, or nothing if all have ended; collects how they ended. */
    private static Optional<String> mayRun(Pod pod, List<ContainerStateTerminated> ends) {
        PodStatus status = pod.getStatus();
        if (status == null
                || pod.getSpec() == null
                || pod.getSpec().getContainers().isEmpty()) {
            return Optional.of("the pod has no status");
        }
        for (Container container : pod.getSpec().getContainers()) {
            Optional<String> runs = mayRun(container.getName(), status.getContainerStatuses(), ends);
            if (runs.isPresent()) {
                return runs;
            }
        }
        for (Container container : pod.getSpec().getInitContainers()) {
            // One that is no sidecar has ended before the containers above were started.
            if (ALWAYS.equals(container.getRestartPolicy())) {
                Optional<String> runs = mayRun(container.getName(), status.getInitContainerStatuses(), ends);
                if (runs.isPresent()) {
                    return runs;
                }
            }
        }
        for (EphemeralContainer container : pod.getSpec().getEphemeralContainers()) {
            Optional<String> runs = mayRun(container.getName(), status.getEphemeralContainerStatuses(), ends);
            if (runs.isPresent()) {
                return runs;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> mayRun(
            String name, List<ContainerStatus> statuses, List<ContainerStateTerminated> ends) {
        ContainerState state = statuses.stream()
                .filter(status -> name.equals(status.getName()))
                .map(ContainerStatus::getState)
                .findFirst()
                .orElse(null);
        if (state == null) {
            return Optional.of("container " + name + " has no state");
        }
        ContainerStateTerminated end = state.getTerminated();
        if (end == null) {
            return Optional.of("container " + name + " is not terminated");
        }
        if (LOST_TRACK.equals(end.getReason())) {
            return Optional.of("the kubelet lost track of container " + name);
        }
        if (time(end.getStartedAt()).filter(ProofOfDeath::isReal).isEmpty()
                || time(end.getFinishedAt()).filter(ProofOfDeath::isReal).isEmpty()) {
            return Optional.of("container " + name + " has no start or no end");
        }
        ends.add(end);
        return Optional.empty();
    }

    /** All have ended: whether one may start again. */
    private static Verdict restart(Pod pod, @Nullable Node node, List<ContainerStateTerminated> ends) {
        if (policyRulesOut(pod, ends)) {
            return Verdict.dead("every container has terminated, and restartPolicy "
                    + pod.getSpec().getRestartPolicy() + " starts none again");
        }
        String phase = String.valueOf(pod.getStatus().getPhase());
        if (TERMINAL.contains(phase) && !isGarbageCollected(pod)) {
            return Verdict.dead("every container has terminated, and the kubelet ended the pod as " + phase);
        }
        Optional<Instant> deletion = time(pod.getMetadata().getDeletionTimestamp());
        if (deletion.isEmpty()) {
            return Verdict.unknown("every container has terminated, and may be started again");
        }
        if (node == null || !isReady(node)) {
            return Verdict.unknown("the pod is deleted, and its node is not ready: the kubelet may not know, and start"
                    + " a container again");
        }
        Long grace = pod.getMetadata().getDeletionGracePeriodSeconds();
        Instant asked = deletion.get().minus(grace == null ? GRACE_DEFAULT : Duration.ofSeconds(grace));
        boolean after = ends.stream()
                .allMatch(end -> time(end.getFinishedAt())
                        .filter(time -> !time.isBefore(asked))
                        .isPresent());
        return after
                ? Verdict.dead("every container has terminated after the pod was deleted")
                : Verdict.unknown("the pod is deleted, and a container that ended before may be started again");
    }

    private static boolean policyRulesOut(Pod pod, List<ContainerStateTerminated> ends) {
        for (Container container : pod.getSpec().getContainers()) {
            // Later releases of Kubernetes let a container overrule the pod's policy.
            if (container.getRestartPolicy() != null
                    || container.getAdditionalProperties().containsKey("restartPolicyRules")) {
                return false;
            }
        }
        String policy = pod.getSpec().getRestartPolicy();
        // Those of the containers come first; a sidecar's code does not count, it ends with them.
        return NEVER.equals(policy)
                || (ON_FAILURE.equals(policy)
                        && ends.subList(0, pod.getSpec().getContainers().size()).stream()
                                .allMatch(end -> Integer.valueOf(0).equals(end.getExitCode())));
    }

    private static boolean isGarbageCollected(Pod pod) {
        return pod.getStatus().getConditions() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition -> "DisruptionTarget".equals(condition.getType())
                                && BY_GARBAGE_COLLECTION.equals(condition.getReason()));
    }

    private static boolean isReal(Instant time) {
        return time.isAfter(Instant.EPOCH);
    }

    private static Optional<Instant> time(@Nullable String text) {
        try {
            return text == null ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
