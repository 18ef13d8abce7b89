package io.holdfast.operator.look;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.holdfast.api.ClusterBody;
import io.holdfast.operator.desired.VoterSet;
import io.holdfast.operator.plan.Look;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the planner has to know of a pod, from the object and from what its server answered. */
final class PodReading {

    /** A pod that has not gone this long after its grace is over is on a node that does not say anything. */
    private static final Duration SILENT_AFTER = Duration.ofMinutes(2);

    private static final String SERVER = "holdfast";
    private static final String RESTORE = "restore";
    private static final List<String> NEUTRAL = List.of("PodInitializing", "ContainerCreating");

    private PodReading() {}

    /**
     * Returns a pod.
     *
     * @param first as it was before its server was asked
     * @param last as it was afterwards; absent when it was gone
     * @param template hash of the template that it was made from
     */
    static Look.Pod of(Pod first, @Nullable Pod last, String template, Answer<ClusterBody> answer, Instant now) {
        ObjectMeta meta = first.getMetadata();
        Pod present = last == null ? first : last;
        PodStatus status = statusOf(present);
        Instant since = since(present);
        return new Look.Pod(
                version(present.getMetadata()),
                last != null
                        && last.getMetadata().getUid().equals(meta.getUid())
                        && isReady(first) == isReady(last)
                        && (meta.getDeletionTimestamp() == null)
                                == (last.getMetadata().getDeletionTimestamp() == null),
                present.getMetadata().getDeletionTimestamp() != null,
                container(status.getContainerStatuses(), SERVER)
                        .map(ContainerStatus::getState)
                        .map(ContainerState::getRunning)
                        .isPresent(),
                isReady(present),
                since,
                template,
                node(present, now),
                waiting(status, since),
                exit(container(status.getContainerStatuses(), SERVER)),
                VoterSet.restores(present.getSpec()),
                exit(container(status.getInitContainerStatuses(), RESTORE)),
                answer.value()
                        .map(body -> new Look.Answer(
                                body.generation(), body.member(), body.leader() != null, plainLinks(body)))
                        .orElse(null));
    }

    private static @Nullable Integer plainLinks(ClusterBody body) {
        return body.tls().stream()
                .filter(use -> use.use().equals("peers"))
                .map(ClusterBody.Tls::plainLinks)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Returns the version of an object. */
    static Look.Version version(ObjectMeta meta) {
        return new Look.Version(meta.getName(), meta.getUid(), meta.getResourceVersion());
    }

    /** Returns whether a pod is ready. */
    static boolean isReady(Pod pod) {
        return condition(pod, "Ready")
                .map(ready -> "True".equals(ready.getStatus()))
                .orElse(false);
    }

    private static PodStatus statusOf(Pod pod) {
        return pod.getStatus() == null ? new PodStatus() : pod.getStatus();
    }

    private static Optional<PodCondition> condition(Pod pod, String type) {
        return statusOf(pod).getConditions().stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst();
    }

    private static Instant since(Pod pod) {
        return condition(pod, "Ready")
                .map(PodCondition::getLastTransitionTime)
                .or(() -> Optional.ofNullable(pod.getMetadata().getCreationTimestamp()))
                .map(PodReading::time)
                .orElse(Instant.EPOCH);
    }

    private static Look.@Nullable Node node(Pod pod, Instant now) {
        String name = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
        if (name == null || name.isEmpty()) {
            return null;
        }
        String deletion = pod.getMetadata().getDeletionTimestamp();
        boolean silent = deletion != null && time(deletion).plus(SILENT_AFTER).isBefore(now);
        return new Look.Node(name, silent || "NodeLost".equals(statusOf(pod).getReason()));
    }

    private static Look.@Nullable Waiting waiting(PodStatus status, Instant since) {
        Optional<PodCondition> unscheduled = status.getConditions().stream()
                .filter(condition -> "PodScheduled".equals(condition.getType())
                        && "False".equals(condition.getStatus())
                        && "Unschedulable".equals(condition.getReason()))
                .findFirst();
        if (unscheduled.isPresent()) {
            String transition = unscheduled.get().getLastTransitionTime();
            return new Look.Waiting("Unschedulable", transition == null ? since : time(transition));
        }
        return Stream.concat(status.getInitContainerStatuses().stream(), status.getContainerStatuses().stream())
                .map(ContainerStatus::getState)
                .filter(state -> state != null && state.getWaiting() != null)
                .map(ContainerState::getWaiting)
                .map(ContainerStateWaiting::getReason)
                .filter(reason -> reason != null && !NEUTRAL.contains(reason))
                .findFirst()
                .map(reason -> new Look.Waiting(Texts.line(reason), since))
                .orElse(null);
    }

    private static Optional<ContainerStatus> container(List<ContainerStatus> statuses, String name) {
        return statuses.stream()
                .filter(container -> name.equals(container.getName()))
                .findFirst();
    }

    private static Look.@Nullable Exit exit(Optional<ContainerStatus> container) {
        return container
                .flatMap(status -> Stream.of(status.getState(), status.getLastState())
                        .filter(state -> state != null && state.getTerminated() != null)
                        .map(ContainerState::getTerminated)
                        .findFirst())
                .map(PodReading::exit)
                .orElse(null);
    }

    private static Look.Exit exit(ContainerStateTerminated terminated) {
        String message = terminated.getMessage();
        String last = message == null
                ? ""
                : message.lines().filter(line -> !line.isBlank()).reduce("", (before, line) -> line);
        String reason = terminated.getReason();
        return new Look.Exit(
                terminated.getExitCode() == null ? 0 : terminated.getExitCode(),
                Texts.line(last.isEmpty() && reason != null ? reason : last));
    }

    /** Returns an annotation or a label; empty when it is absent. */
    static String text(@Nullable Map<String, String> texts, String key) {
        String text = texts == null ? null : texts.get(key);
        return text == null ? "" : text;
    }

    /** Returns a time of the API server; the beginning of time when it is none. */
    static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }
}
