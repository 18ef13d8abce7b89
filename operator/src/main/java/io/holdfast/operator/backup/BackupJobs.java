package io.holdfast.operator.backup;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicy;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyBuilder;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import io.holdfast.operator.desired.Names;
import io.holdfast.operator.desired.PodValues;
import io.holdfast.operator.desired.Unprivileged;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The jobs of a backup: one that makes it, and one that deletes its file. Pure. */
final class BackupJobs {

    /** How long a backup may take, with all attempts. */
    static final long DEADLINE_SECONDS = 3_600;

    /** How long deleting a file may take, with all attempts. */
    static final long DELETION_DEADLINE_SECONDS = 600;

    /** How long the job of a backup stays after its end was reported, so that its log can be read. */
    static final int KEPT_SECONDS = 86_400;

    /** How long the job of a deletion stays; when it failed, another one is made then. */
    static final int DELETION_KEPT_SECONDS = 600;

    private static final String CONTAINER = "backup";
    private static final String SCRATCH = "scratch";
    private static final int RETRIES = 3;
    private static final long GRACE_SECONDS = 10;

    /** Exit codes after which another attempt ends in the same way: arguments, no whole backup, a directory. */
    private static final List<Integer> FINAL_CODES = List.of(64, 65, 73);

    private static final String REPORT_AT = "/dev/termination-log";
    private static final String SCRATCH_AT = "/tmp";

    private BackupJobs() {}

    /** What differs between the two. */
    private record Work(
            String name,
            List<String> words,
            long deadlineSeconds,
            @Nullable Integer keptSeconds) {}

    /** Returns the job that fetches a backup from a pod, verifies and stores it. */
    static Job backup(LockClusterBackup backup, LockCluster cluster, Store store, Source source) {
        String peers = new Names(cluster).peers();
        String url = "http://" + source.pod() + "." + peers + "."
                + backup.getMetadata().getNamespace() + ".svc:" + Names.HTTP_PORT;
        List<String> words = new ArrayList<>(List.of("backup", "--url", url));
        words.addAll(List.of("--to", store.inPod(BackupFiles.template(backup))));
        words.addAll(List.of("--report", REPORT_AT, "--scratch", SCRATCH_AT));
        words.addAll(store.options());
        var work = new Work(BackupNames.job(backup.getMetadata().getUid()), words, DEADLINE_SECONDS, null);
        return job(backup, Image.of(cluster), store, work);
    }

    /** Returns the job that deletes the file of a backup. */
    static Job deletion(LockClusterBackup backup, Image image, Store store, String path) {
        List<String> words = new ArrayList<>(List.of("delete", "--from", store.inPod(path), "--report", REPORT_AT));
        words.addAll(store.options());
        var work = new Work(
                BackupNames.deletion(backup.getMetadata().getUid()),
                words,
                DELETION_DEADLINE_SECONDS,
                DELETION_KEPT_SECONDS);
        return job(backup, image, store, work);
    }

    private static Job job(LockClusterBackup backup, Image image, Store store, Work work) {
        Map<String, String> labels = labels(backup);
        return new JobBuilder()
                .withNewMetadata()
                .withName(work.name())
                .withNamespace(backup.getMetadata().getNamespace())
                .withLabels(labels)
                .withOwnerReferences(owner(backup))
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(RETRIES)
                .withActiveDeadlineSeconds(work.deadlineSeconds())
                .withTtlSecondsAfterFinished(work.keptSeconds())
                .withPodFailurePolicy(failurePolicy())
                .withTemplate(template(labels, podSpec(image, store, work.words())))
                .endSpec()
                .build();
    }

    /** Returns the labels of jobs and of their pods. */
    static Map<String, String> labels(LockClusterBackup backup) {
        return Map.of(
                "app.kubernetes.io/name",
                BackupNames.APP,
                "app.kubernetes.io/instance",
                backup.getSpec().clusterRef(),
                "app.kubernetes.io/component",
                "backup",
                "app.kubernetes.io/part-of",
                "holdfast",
                "app.kubernetes.io/managed-by",
                BackupNames.OPERATOR,
                BackupNames.BACKUP_UID,
                backup.getMetadata().getUid());
    }

    private static OwnerReference owner(LockClusterBackup backup) {
        return new OwnerReferenceBuilder()
                .withApiVersion(backup.getApiVersion())
                .withKind(backup.getKind())
                .withName(backup.getMetadata().getName())
                .withUid(backup.getMetadata().getUid())
                .withController(true)
                .build();
    }

    private static PodTemplateSpec template(Map<String, String> labels, PodSpec spec) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(labels)
                .endMetadata()
                .withSpec(spec)
                .build();
    }

    /** A pod that is evicted or preempted did not fail. */
    private static PodFailurePolicy failurePolicy() {
        return new PodFailurePolicyBuilder()
                .addNewRule()
                .withAction("FailJob")
                .withNewOnExitCodes()
                .withContainerName(CONTAINER)
                .withOperator("In")
                .withValues(FINAL_CODES)
                .endOnExitCodes()
                .endRule()
                .addNewRule()
                .withAction("Ignore")
                .addNewOnPodCondition("True", "DisruptionTarget")
                .endRule()
                .build();
    }

    private static PodSpec podSpec(Image image, Store store, List<String> words) {
        List<Volume> volumes = new ArrayList<>(store.volumes(false));
        volumes.add(new VolumeBuilder()
                .withName(SCRATCH)
                .withNewEmptyDir()
                .endEmptyDir()
                .build());
        return new PodSpecBuilder()
                .withRestartPolicy("Never")
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(GRACE_SECONDS)
                .withImagePullSecrets(image.references())
                .withSecurityContext(Unprivileged.pod())
                .withContainers(container(image, store, words))
                .withVolumes(volumes)
                .build();
    }

    private static Container container(Image image, Store store, List<String> words) {
        List<VolumeMount> mounts = new ArrayList<>(store.mounts(false));
        mounts.add(new VolumeMountBuilder()
                .withName(SCRATCH)
                .withMountPath(SCRATCH_AT)
                .build());
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(image.name())
                .withImagePullPolicy(image.pullPolicy())
                .withArgs(words.stream().map(PodValues::literal).toList())
                .withEnv(store.environment())
                .withTerminationMessagePath(REPORT_AT)
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .withNewResources()
                .addToRequests("cpu", new Quantity("100m"))
                .addToRequests("memory", new Quantity("256Mi"))
                .addToLimits("memory", new Quantity("512Mi"))
                .endResources()
                .withSecurityContext(Unprivileged.container())
                .withVolumeMounts(mounts)
                .build();
    }
}
