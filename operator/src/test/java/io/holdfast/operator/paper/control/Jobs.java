package io.holdfast.operator.paper.control;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.holdfast.operator.paper.api.Access;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Jobs of one pod: another pod after each that failed, until the backoff limit, or until one ended with an exit code
 * that the failure policy calls final.
 */
final class Jobs implements Controllers.Controller {

    @Override
    public void reconcile(Access access) {
        var pods = access.list(Pod.class);
        for (var job : access.list(Job.class)) {
            if (job.getMetadata().getDeletionTimestamp() == null) {
                reconcile(
                        access,
                        job,
                        pods.stream().filter(pod -> StatefulSets.owns(job, pod)).toList());
            }
        }
    }

    private static void reconcile(Access access, Job job, List<Pod> pods) {
        var succeeded = count(pods, "Succeeded");
        var failed = count(pods, "Failed");
        var limit = job.getSpec().getBackoffLimit() == null ? 6 : job.getSpec().getBackoffLimit();
        var active = pods.size() - succeeded - failed;
        var over = succeeded > 0 ? "Complete" : failed > limit || isFinal(job, pods) ? "Failed" : "";
        if (over.isEmpty() && active == 0 && !Boolean.TRUE.equals(job.getSpec().getSuspend())) {
            create(access, job, failed);
            active = 1;
        }
        status(access, job, List.of(active, succeeded, failed), over);
    }

    private static void status(Access access, Job job, List<Integer> counts, String over) {
        var old = job.getStatus() == null ? new JobStatus() : job.getStatus();
        var ended = old.getConditions().stream().anyMatch(each -> each.getType().equals(over));
        var same =
                Objects.equals(counts, List.of(zero(old.getActive()), zero(old.getSucceeded()), zero(old.getFailed())));
        if (same && (over.isEmpty() || ended)) {
            return;
        }
        var now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        var changed = new JobBuilder(job)
                .editOrNewStatus()
                .withActive(counts.get(0))
                .withSucceeded(counts.get(1))
                .withFailed(counts.get(2))
                .withStartTime(old.getStartTime() == null ? now : old.getStartTime());
        if (!over.isEmpty() && !ended) {
            changed.addNewCondition()
                    .withType(over)
                    .withStatus("True")
                    .withReason(over.equals("Failed") ? "BackoffLimitExceeded" : "CompletionsReached")
                    .withLastTransitionTime(now)
                    .endCondition();
            changed.withCompletionTime(over.equals("Complete") ? now : null);
        }
        access.putStatus(changed.endStatus().build());
    }

    private static boolean isFinal(Job job, List<Pod> pods) {
        var policy = job.getSpec().getPodFailurePolicy();
        if (policy == null) {
            return false;
        }
        var codes = policy.getRules().stream()
                .filter(rule -> rule.getAction().equals("FailJob") && rule.getOnExitCodes() != null)
                .flatMap(rule -> rule.getOnExitCodes().getValues().stream())
                .toList();
        return pods.stream()
                .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
                .map(container -> container.getState().getTerminated())
                .anyMatch(ended -> ended != null && codes.contains(ended.getExitCode()));
    }

    private static int zero(Integer count) {
        return count == null ? 0 : count;
    }

    private static int count(List<Pod> pods, String phase) {
        return (int) pods.stream()
                .filter(pod -> phase.equals(pod.getStatus().getPhase()))
                .count();
    }

    private static void create(Access access, Job job, int number) {
        var template = job.getSpec().getTemplate();
        var labels = new HashMap<String, String>();
        if (template.getMetadata() != null && template.getMetadata().getLabels() != null) {
            labels.putAll(template.getMetadata().getLabels());
        }
        labels.putAll(Map.of(
                "batch.kubernetes.io/job-name",
                job.getMetadata().getName(),
                "job-name",
                job.getMetadata().getName()));
        access.create(new PodBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withName(job.getMetadata().getName() + "-" + number)
                        .withNamespace(job.getMetadata().getNamespace())
                        .withLabels(labels)
                        .withOwnerReferences(new OwnerReferenceBuilder()
                                .withApiVersion(job.getApiVersion())
                                .withKind(job.getKind())
                                .withName(job.getMetadata().getName())
                                .withUid(job.getMetadata().getUid())
                                .withController(true)
                                .withBlockOwnerDeletion(true)
                                .build())
                        .build())
                .withSpec(template.getSpec())
                .build());
    }
}
