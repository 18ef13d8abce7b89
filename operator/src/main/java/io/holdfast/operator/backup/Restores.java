package io.holdfast.operator.backup;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.holdfast.operator.crd.v1alpha1.BackupPhase;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupStatus;
import io.holdfast.operator.crd.v1alpha1.Restore;
import io.holdfast.operator.desired.PodValues;
import io.holdfast.operator.desired.Unprivileged;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code bootstrap.restore} of a new cluster means: the file that its first voter begins with, or why it must not.
 * Pure.
 */
public final class Restores {

    /** Name of the init container. */
    public static final String CONTAINER = "restore";

    private static final String CLUSTER_ID = "HOLDFAST_CLUSTER_ID";
    private static final String REPORT_AT = "/dev/termination-log";
    private static final int PODS_NAMED_MAX = 5;

    private Restores() {}

    /** What became of the question for a source. */
    public sealed interface Resolution {}

    /**
     * A file that a cluster may begin with.
     *
     * @param store that has it
     * @param path of it in the store
     */
    public record Source(Store store, String path) implements Resolution {

        /** Returns the volumes that the pod needs for it. */
        public List<Volume> volumes() {
            return store.volumes(true);
        }

        /** Returns where it is, as people are told it. */
        public String location() {
            return store.root() + path;
        }
    }

    /**
     * A cluster must not begin, or not yet.
     *
     * @param reason one word, as of conditions
     * @param message what is so, and what to do
     */
    public record Refused(String reason, String message) implements Resolution {}

    /**
     * Finds what a cluster begins with.
     *
     * @param restore of its specification
     * @param named the backup that it names, in the namespace of the cluster; absent when it names none, or none is
     *     there
     * @param others pods that run with the cluster's own {@code clusterId} and are not the cluster's, as
     *     {@link #others}
     */
    public static Resolution resolve(Restore restore, @Nullable LockClusterBackup named, List<Pod> others) {
        if (!others.isEmpty()) {
            String names = String.join(
                    ", ",
                    others.stream()
                            .limit(PODS_NAMED_MAX)
                            .map(pod -> pod.getMetadata().getNamespace() + "/"
                                    + pod.getMetadata().getName())
                            .toList());
            return new Refused(
                    "EnsembleRuns",
                    "pods of the ensemble that is to be restored still run, and both would grant the same locks: delete"
                            + " its LockCluster first (" + names + ")");
        }
        String name = restore.backup();
        if (name != null) {
            return ofBackup(name, named);
        }
        String claim = restore.claim();
        String path = restore.path();
        if (claim != null && path != null && BackupFiles.isWithin(path)) {
            return new Source(new Store.OnClaim(claim), path);
        }
        return restore.s3() != null
                ? new Source(Store.of(restore.s3()), restore.s3().key())
                : new Refused(
                        "BadRestore",
                        "bootstrap.restore names no file: give exactly one of backup, claim with path, and s3");
    }

    private static Resolution ofBackup(String name, @Nullable LockClusterBackup backup) {
        if (backup == null) {
            return new Refused(
                    "NoBackup",
                    "there is no LockClusterBackup '" + name + "' in this namespace: for a backup of another namespace"
                            + " give claim and path, or s3, as its status.location says");
        }
        BackupPhase phase = ScheduleLook.phase(backup);
        if (phase != BackupPhase.COMPLETED || backup.getMetadata().getDeletionTimestamp() != null) {
            String state = backup.getMetadata().getDeletionTimestamp() != null
                    ? "is being deleted"
                    : "is " + (phase == BackupPhase.FAILED ? "Failed" : "not Completed yet");
            return new Refused(
                    "BackupNotCompleted",
                    "LockClusterBackup '" + name + "' " + state + ": kubectl describe lkb " + name
                            + " says why; the cluster begins when it is Completed");
        }
        LockClusterBackupStatus status = backup.getStatus();
        String location = status == null ? null : status.location();
        Optional<Store> store = Store.of(backup.getSpec().target());
        return store.flatMap(found -> found.path(Objects.requireNonNullElse(location, ""))
                        .filter(BackupFiles::isWithin)
                        .<Resolution>map(path -> new Source(found, path)))
                .orElseGet(() -> new Refused(
                        "NoLocation",
                        "status.location of LockClusterBackup '" + name + "' is not in its target: give claim and path,"
                                + " or s3"));
    }

    /**
     * Returns the pods that run an ensemble of the same id as a cluster without being that cluster's.
     *
     * @param pods of every namespace that the operator sees
     */
    public static List<Pod> others(LockCluster cluster, List<Pod> pods) {
        String id = BackupNames.clusterId(cluster);
        return pods.stream()
                .filter(pod -> hasClusterId(pod, id))
                .filter(pod -> !isOver(pod))
                .filter(pod -> !isOf(cluster, pod))
                .toList();
    }

    private static boolean hasClusterId(Pod pod, String id) {
        return pod.getSpec() != null
                && pod.getSpec().getContainers().stream()
                        .flatMap(container -> container.getEnv().stream())
                        .anyMatch(variable -> CLUSTER_ID.equals(variable.getName()) && id.equals(variable.getValue()));
    }

    private static boolean isOver(Pod pod) {
        String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
        return "Succeeded".equals(phase) || "Failed".equals(phase);
    }

    private static boolean isOf(LockCluster cluster, Pod pod) {
        Map<String, String> labels =
                Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.of());
        return cluster.getMetadata().getNamespace().equals(pod.getMetadata().getNamespace())
                && cluster.getMetadata().getName().equals(labels.get("app.kubernetes.io/instance"));
    }

    /**
     * Returns the init container that makes an empty directory that of the only voter of a new generation, and that
     * does nothing when the directory has an ensemble already.
     *
     * @param source of the file
     * @param image of the server, with its pull policy
     * @param node id of the voter
     * @param address of its peer port, as others find it
     * @param data directory, on one of the mounts
     * @param mounts of the server's container: its data, and a {@code /tmp} in which the file has room
     */
    public static Container container(
            Source source, Container image, int node, String address, String data, List<VolumeMount> mounts) {
        List<String> words =
                new ArrayList<>(List.of("restore", "--from", source.store().inPod(source.path())));
        words.addAll(List.of("--data", data, "--node", Integer.toString(node), "--address", address));
        words.addAll(List.of("--if-empty", "--report", REPORT_AT, "--scratch", "/tmp"));
        words.addAll(source.store().options());
        List<VolumeMount> all = new ArrayList<>(mounts);
        all.addAll(source.store().mounts(true));
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(image.getImage())
                .withImagePullPolicy(image.getImagePullPolicy())
                .withArgs(words.stream().map(PodValues::literal).toList())
                .withEnv(source.store().environment())
                .withTerminationMessagePath(REPORT_AT)
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .withResources(image.getResources())
                .withSecurityContext(Unprivileged.container())
                .withVolumeMounts(all)
                .build();
    }
}
