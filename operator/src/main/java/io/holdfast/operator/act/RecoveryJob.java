package io.holdfast.operator.act;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.desired.Labels;
import io.holdfast.operator.desired.Names;
import io.holdfast.operator.desired.VoterClaim;
import io.holdfast.operator.desired.VoterSet;
import io.holdfast.operator.look.Blueprint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A Job that runs {@code holdfast recover} on the volume of one stopped voter, once, as that voter's pod would run. */
final class RecoveryJob {

    /** Which Jobs they are, among those of a cluster. */
    static final String COMPONENT = "recovery";

    private static final String SERVER = "holdfast";
    private static final long SECONDS_MAX = 600;

    private RecoveryJob() {}

    /** Labels by which all of a cluster are found. */
    static Map<String, String> labels(LockCluster cluster) {
        Map<String, String> labels = new TreeMap<>(new Blueprint(cluster).selector());
        labels.put(Labels.COMPONENT, COMPONENT);
        return labels;
    }

    /** Returns the name of the Job for a voter. */
    static String name(LockCluster cluster, int id, @Nullable String code) {
        return new Names(cluster).voter(id) + (code == null ? "-examine" : "-recover");
    }

    /**
     * Returns the Job.
     *
     * @param code that confirms the content of the volume; absent to examine it only
     */
    static Job of(LockCluster cluster, int id, @Nullable String code) {
        ObjectMeta owner = cluster.getMetadata();
        return new JobBuilder()
                .withNewMetadata()
                .withNamespace(owner.getNamespace())
                .withName(name(cluster, id, code))
                .withLabels(labels(cluster))
                .addNewOwnerReference()
                .withApiVersion(cluster.getApiVersion())
                .withKind(cluster.getKind())
                .withName(owner.getName())
                .withUid(owner.getUid())
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(0)
                .withActiveDeadlineSeconds(SECONDS_MAX)
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(labels(cluster))
                .endMetadata()
                .withSpec(pod(cluster, id, code))
                .endTemplate()
                .endSpec()
                .build();
    }

    private static PodSpec pod(LockCluster cluster, int id, @Nullable String code) {
        PodSpec voter = VoterSet.of(cluster, id).getSpec().getTemplate().getSpec();
        List<String> arguments =
                new ArrayList<>(List.of("recover", "--data", VoterClaim.DATA_DIR, "--report", "/dev/termination-log"));
        if (code != null) {
            arguments.addAll(List.of("--confirm", code));
        }
        Container server = voter.getContainers().stream()
                .filter(container -> SERVER.equals(container.getName()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the pod of a voter has no container " + SERVER));
        return new PodSpecBuilder(voter)
                .withRestartPolicy("Never")
                .withInitContainers()
                .withContainers(new ContainerBuilder(server)
                        .withArgs(arguments)
                        .withEnvFrom()
                        .withPorts()
                        .withStartupProbe(null)
                        .withLivenessProbe(null)
                        .withReadinessProbe(null)
                        .withLifecycle(null)
                        .build())
                .build();
    }
}
