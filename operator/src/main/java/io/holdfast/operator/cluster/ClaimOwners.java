package io.holdfast.operator.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.holdfast.operator.act.JsonPatch;
import io.holdfast.operator.act.Outcome;
import io.holdfast.operator.act.Writes;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.desired.Labels;
import io.holdfast.operator.desired.VoterClaim;
import io.holdfast.operator.look.Sight;
import io.holdfast.operator.plan.Look;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Has the claims of a cluster go with it, or stay, as its specification says now: {@code whenDeleted} may have changed
 * since they were made, and claims that were taken back were made for a cluster that is gone.
 */
final class ClaimOwners {

    private final Writes writes;
    private final KubernetesSerialization json;

    ClaimOwners(Writes writes, KubernetesSerialization json) {
        this.writes = writes;
        this.json = json;
    }

    /** Writes the owners of those claims that have others; returns what went wrong first, or what was done last. */
    Outcome apply(Sight sight) {
        Outcome outcome = Outcome.NOTHING;
        for (PersistentVolumeClaim claim : sight.objects().claims().values()) {
            if (outcome.goesOn() && isOf(sight.cluster(), claim)) {
                outcome = apply(sight.cluster(), claim);
            }
        }
        return outcome;
    }

    /** A claim of a cluster that is gone has no owner until it was taken back. */
    private static boolean isOf(LockCluster cluster, PersistentVolumeClaim claim) {
        Map<String, String> labels = claim.getMetadata().getLabels();
        return labels != null
                && cluster.getMetadata().getUid().equals(labels.get(Labels.CLUSTER_UID))
                && claim.getMetadata().getDeletionTimestamp() == null;
    }

    private Outcome apply(LockCluster cluster, PersistentVolumeClaim claim) {
        ObjectMeta meta = claim.getMetadata();
        List<OwnerReference> owners = new ArrayList<>(meta.getOwnerReferences());
        boolean owned = owners.removeIf(owner -> cluster.getMetadata().getUid().equals(owner.getUid()));
        List<OwnerReference> wanted = VoterClaim.owners(cluster);
        if (owned == !wanted.isEmpty()) {
            return Outcome.NOTHING;
        }
        owners.addAll(wanted);
        Look.Version seen = new Look.Version(meta.getName(), meta.getUid(), meta.getResourceVersion());
        return writes.patch(
                PersistentVolumeClaim.class,
                meta.getNamespace(),
                seen,
                new JsonPatch(seen).set("/metadata/ownerReferences", json.convertValue(owners, JsonNode.class)));
    }
}
