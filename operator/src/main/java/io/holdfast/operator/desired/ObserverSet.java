package io.holdfast.operator.desired;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockObservers;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The StatefulSet of a set of observers, whose ids are the ordinals of its pods. */
public final class ObserverSet {

    private static final String POD = "$(POD_NAME)";

    private ObserverSet() {}

    /**
     * Returns the StatefulSet of a set of observers.
     *
     * @param firstId id of its first pod
     * @param replicas how many pods it has now, which is what the planner says and not always what is asked for
     * @throws SpecRefusedException when the specification cannot be carried out
     */
    public static StatefulSet of(LockCluster cluster, LockObservers observers, int firstId, int replicas) {
        var names = new Names(cluster);
        var set = observers.getMetadata().getName();
        var spec = observers.getSpec();
        var labels = Labels.ofObservers(cluster, set);
        boolean ephemeral = spec.storage().ephemeral();
        var member = new MemberPod.Member(
                labels,
                Labels.selectObservers(cluster, set),
                identity(cluster),
                spec.resources(),
                ephemeral ? List.of(emptyData()) : List.of(),
                POD,
                new Transport(cluster).volumeOfObservers());
        var template = PodTemplateOverlay.over(MemberPod.of(cluster, member), spec.podTemplate());
        var rendered = MemberSet.of(
                Metadata.of(cluster, set, labels),
                names.peers(),
                Labels.selectObservers(cluster, set),
                template,
                Hash.of(template));
        return rendered.edit()
                .editSpec()
                .withReplicas(replicas)
                .withNewOrdinals(firstId)
                .withVolumeClaimTemplates(ephemeral ? List.of() : List.of(claim(observers)))
                // A volume that stays would bring an old identity back with the next pod of its number.
                .withPersistentVolumeClaimRetentionPolicy(MemberSet.retention("Delete"))
                .endSpec()
                .build();
    }

    /** Returns the name of the claim that has the data of an observer; nothing when its volume goes with the pod. */
    public static Optional<String> claimOf(Pod pod) {
        return pod.getSpec() == null
                ? Optional.empty()
                : pod.getSpec().getVolumes().stream()
                        .filter(volume ->
                                MemberPod.DATA.equals(volume.getName()) && volume.getPersistentVolumeClaim() != null)
                        .map(volume -> volume.getPersistentVolumeClaim().getClaimName())
                        .findFirst();
    }

    private static List<EnvVar> identity(LockCluster cluster) {
        return List.of(
                MemberPod.fromField("POD_NAME", "metadata.name"),
                MemberPod.fromField("HOLDFAST_NODE_ID", "metadata.labels['" + Labels.POD_INDEX + "']"),
                new EnvVar("HOLDFAST_HTTP_ADVERTISED", new Transport(cluster).url(POD), null));
    }

    private static Volume emptyData() {
        return new VolumeBuilder()
                .withName(MemberPod.DATA)
                .withNewEmptyDir()
                .endEmptyDir()
                .build();
    }

    private static PersistentVolumeClaim claim(LockObservers observers) {
        var storage = observers.getSpec().storage();
        var size = storage.size();
        if (size == null) {
            throw new SpecRefusedException("spec.storage.size", "give it, or set spec.storage.ephemeral to true");
        }
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(MemberPod.DATA)
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withVolumeMode("Filesystem")
                .withStorageClassName(storage.storageClassName())
                .withNewResources()
                .withRequests(Map.of("storage", new Quantity(size)))
                .endResources()
                .endSpec()
                .build();
    }
}
