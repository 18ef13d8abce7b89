package io.holdfast.operator.backup;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A job and its pods as they were seen.
 *
 * @param name of the job
 * @param resourceVersion of the job
 * @param ours whether it belongs to the backup that is looked at
 * @param end whether and how it ended
 * @param failure why it failed, in Kubernetes' words; empty when it did not
 * @param forgotten whether Kubernetes was told to delete it some time after its end
 * @param startedAt when its first pod was made; absent before
 * @param endedAt when it ended; absent before
 * @param words the last words of the pod that counts: one that ended well, else the one that ended last; may be empty
 * @param waits why no pod of it runs; empty when one does, or when the reason is not known
 */
record JobLook(
        String name,
        String resourceVersion,
        boolean ours,
        End end,
        String failure,
        boolean forgotten,
        @Nullable String startedAt,
        @Nullable String endedAt,
        String words,
        String waits) {

    private static final int CHARS_MAX = 300;
    private static final List<String> NEUTRAL = List.of("PodInitializing", "ContainerCreating");

    /** Whether and how a job ended. */
    enum End {
        /** It has not ended. */
        NONE,
        /** A pod of it ended well. */
        COMPLETE,
        /** It will not be tried again. */
        FAILED
    }

    /**
     * Returns what is seen of a job.
     *
     * @param owner uid of the backup that it should belong to
     * @param pods some pods, its own among them
     */
    static JobLook of(Job job, List<Pod> pods, String owner) {
        List<Pod> own = pods.stream()
                .filter(pod -> isOwned(pod, job.getMetadata().getUid()))
                .toList();
        JobStatus status = job.getStatus() == null ? new JobStatus() : job.getStatus();
        Optional<JobCondition> complete = condition(status, "Complete");
        Optional<JobCondition> failed = condition(status, "Failed");
        End end = complete.isPresent() ? End.COMPLETE : failed.isPresent() ? End.FAILED : End.NONE;
        return new JobLook(
                job.getMetadata().getName(),
                Objects.requireNonNullElse(job.getMetadata().getResourceVersion(), ""),
                isOwned(job, owner),
                end,
                failed.map(JobLook::words).orElse(""),
                job.getSpec() != null && job.getSpec().getTtlSecondsAfterFinished() != null,
                status.getStartTime(),
                status.getCompletionTime() != null
                        ? status.getCompletionTime()
                        : failed.map(JobCondition::getLastTransitionTime).orElse(null),
                lastWords(own, end),
                end == End.NONE ? waits(own) : "");
    }

    private static boolean isOwned(HasMetadata object, String uid) {
        return object.getMetadata().getOwnerReferences().stream().anyMatch(owner -> uid.equals(owner.getUid()));
    }

    private static Optional<JobCondition> condition(JobStatus status, String type) {
        return status.getConditions().stream()
                .filter(condition -> type.equals(condition.getType()) && "True".equals(condition.getStatus()))
                .findFirst();
    }

    private static String words(JobCondition condition) {
        String message = condition.getMessage();
        String reason = Objects.requireNonNullElse(condition.getReason(), "");
        return Lines.shorter(message == null || message.isEmpty() ? reason : reason + ": " + message, CHARS_MAX);
    }

    private static String lastWords(List<Pod> pods, End end) {
        return pods.stream()
                .flatMap(pod -> states(pod).map(ContainerState::getTerminated).filter(Objects::nonNull))
                .filter(ended -> end != End.COMPLETE || Objects.equals(ended.getExitCode(), 0))
                .max(Comparator.comparing(ended -> Objects.requireNonNullElse(ended.getFinishedAt(), "")))
                .map(JobLook::words)
                .orElse("");
    }

    private static String words(ContainerStateTerminated ended) {
        String message = ended.getMessage();
        return message == null || message.isBlank()
                ? "the container ended with " + ended.getExitCode() + " (" + ended.getReason() + ") and said nothing"
                : message;
    }

    private static String waits(List<Pod> pods) {
        if (pods.stream()
                .anyMatch(pod -> states(pod).map(ContainerState::getRunning).anyMatch(Objects::nonNull))) {
            return "";
        }
        return pods.stream()
                .flatMap(pod -> Stream.concat(
                        states(pod)
                                .map(ContainerState::getWaiting)
                                .filter(Objects::nonNull)
                                .map(JobLook::words),
                        unscheduled(pod)))
                .filter(words -> !words.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static String words(ContainerStateWaiting waiting) {
        String reason = Objects.requireNonNullElse(waiting.getReason(), "");
        if (NEUTRAL.contains(reason)) {
            return "";
        }
        String message = waiting.getMessage();
        return Lines.shorter(message == null || message.isEmpty() ? reason : reason + ": " + message, CHARS_MAX);
    }

    private static Stream<String> unscheduled(Pod pod) {
        return pod.getStatus() == null
                ? Stream.of()
                : pod.getStatus().getConditions().stream()
                        .filter(condition ->
                                "PodScheduled".equals(condition.getType()) && "False".equals(condition.getStatus()))
                        .map(JobLook::words);
    }

    private static String words(PodCondition condition) {
        return Lines.shorter(condition.getReason() + ": " + condition.getMessage(), CHARS_MAX);
    }

    private static Stream<ContainerState> states(Pod pod) {
        return pod.getStatus() == null
                ? Stream.of()
                : pod.getStatus().getContainerStatuses().stream()
                        .map(container -> container.getState())
                        .filter(Objects::nonNull);
    }
}
