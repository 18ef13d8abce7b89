package io.holdfast.operator.desired;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.Removal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The claim of a voter's volume. It outlives the cluster unless {@code whenDeleted} says otherwise. */
public final class VoterClaim {

    /** Where a pod has its volume. */
    public static final String MOUNTED_AT = "/data";

    /** Where the server has its data: the root of a volume may have {@code lost+found}. */
    public static final String DATA_DIR = MOUNTED_AT + "/holdfast";

    private VoterClaim() {}

    /**
     * Returns the claim of a voter.
     *
     * @param generation of the ensemble, null before it was founded
     */
    public static PersistentVolumeClaim of(LockCluster cluster, int id, @Nullable Long generation) {
        var names = new Names(cluster);
        var storage = cluster.getSpec().storage();
        var labels = Labels.ofVoter(cluster, id);
        labels.put(
                Labels.CLUSTER_UID, Objects.requireNonNull(cluster.getMetadata().getUid()));
        labels.put(Labels.CLUSTER_ID, labelOf(names.clusterId()));
        if (generation != null) {
            labels.put(Labels.GENERATION, Long.toString(generation));
        }
        return new PersistentVolumeClaimBuilder()
                .withMetadata(Metadata.unowned(cluster, names.voter(id), labels)
                        .edit()
                        .withOwnerReferences(owners(cluster))
                        .build())
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withVolumeMode("Filesystem")
                .withStorageClassName(storage.storageClassName())
                .withNewResources()
                .withRequests(Map.of("storage", new Quantity(storage.size())))
                .endResources()
                .endSpec()
                .build();
    }

    /** Returns what a claim belongs to: its cluster if it goes with it, nothing if it stays. */
    public static List<OwnerReference> owners(LockCluster cluster) {
        return cluster.getSpec().storage().whenDeleted() == Removal.DELETE
                ? List.of(Metadata.owner(cluster))
                : List.of();
    }

    /**
     * Returns the id of an ensemble as the value of a label, which ends with a letter or a digit and has 63 characters.
     */
    public static String labelOf(String clusterId) {
        return clusterId.matches("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
                ? clusterId
                : "id-" + Hash.of(clusterId);
    }
}
