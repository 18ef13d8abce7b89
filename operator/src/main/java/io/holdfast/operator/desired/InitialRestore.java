package io.holdfast.operator.desired;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.holdfast.operator.backup.Restores;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import java.util.List;

/**
 * The init container that restores the backup with which an ensemble begins. It reads how the pod starts, as the server
 * does, and does nothing when the pod is to join, or has data.
 */
final class InitialRestore {

    /** Names of volumes that the init container has for itself. */
    static final String SCRATCH = "scratch";

    /** Name that the volume of a backup has. */
    static final String BACKUP = "backup";

    private InitialRestore() {}

    static boolean isIn(PodSpec pod) {
        return pod.getInitContainers().stream()
                .anyMatch(container -> container.getName().equals(Restores.CONTAINER));
    }

    /** Names of its container and volumes are refused to the rest of a template. */
    static PodTemplateSpec outOf(PodTemplateSpec template) {
        return template.edit()
                .editSpec()
                .removeMatchingFromInitContainers(
                        container -> container.getName().equals(Restores.CONTAINER))
                .removeMatchingFromVolumes(volume -> List.of(SCRATCH, BACKUP).contains(volume.getName()))
                .endSpec()
                .build();
    }

    static PodTemplateSpec into(PodTemplateSpec template, LockCluster cluster, Restores.Source source) {
        var names = new Names(cluster);
        var server = template.getSpec().getContainers().stream()
                .filter(container -> container.getName().equals(MemberPod.CONTAINER))
                .findFirst()
                .orElseThrow();
        var restore = Restores.container(
                        source,
                        server,
                        1,
                        names.address(1),
                        VoterClaim.DATA_DIR,
                        List.of(
                                MemberPod.mount(MemberPod.DATA, VoterClaim.MOUNTED_AT),
                                MemberPod.mount(SCRATCH, "/tmp")))
                .edit()
                .addToEnv(new EnvVar("HOLDFAST_CLUSTER_ID", names.clusterId(), null))
                .addNewEnvFrom()
                .withNewConfigMapRef()
                .withName(names.start())
                .endConfigMapRef()
                .endEnvFrom()
                .build();
        return template.edit()
                .editSpec()
                .addToInitContainers(0, restore)
                .addToVolumes(new VolumeBuilder()
                        .withName(SCRATCH)
                        .withNewEmptyDir()
                        .endEmptyDir()
                        .build())
                .addAllToVolumes(source.volumes())
                .endSpec()
                .build();
    }
}
