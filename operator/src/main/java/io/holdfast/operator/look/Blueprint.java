package io.holdfast.operator.look;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.desired.Labels;
import io.holdfast.operator.desired.Names;
import io.holdfast.operator.desired.VoterClaim;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** What tells the objects of one cluster from all others: names, labels and owners. Any thread. */
public final class Blueprint {

    /** Highest id of a voter; the ids of observers are above. */
    public static final int VOTER_ID_MAX = 9_999;

    /** Mark of a claim whose voter leaves, or has left. */
    public static final String MARK_REMOVED = "removed";

    /** Mark of a claim that is of the time before a recovery. */
    public static final String MARK_BEFORE = "before";

    private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,4}");

    private final LockCluster cluster;
    private final Names names;

    /** Creates one for a cluster as the API server has it. */
    public Blueprint(LockCluster cluster) {
        this.cluster = cluster;
        this.names = new Names(cluster);
    }

    /** Returns the names of its objects. */
    public Names names() {
        return names;
    }

    /** Returns the cluster. */
    public LockCluster cluster() {
        return cluster;
    }

    /** Returns its namespace. */
    public String namespace() {
        return cluster.getMetadata().getNamespace();
    }

    /** Returns its name. */
    public String name() {
        return cluster.getMetadata().getName();
    }

    /** Returns the name of its ensemble, in its data for ever. */
    public String clusterId() {
        return names.clusterId();
    }

    /** Returns the labels that all of its objects have. */
    public Map<String, String> selector() {
        return Map.of(Labels.MANAGED_BY, Labels.OPERATOR, Labels.INSTANCE, name());
    }

    /** Returns whether an object is this cluster's: it has its labels and is owned by exactly this one. */
    public boolean isOurs(HasMetadata object) {
        return hasLabels(object)
                && object.getMetadata().getOwnerReferences().stream()
                        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                        .map(OwnerReference::getUid)
                        .anyMatch(
                                uid -> Objects.equals(uid, cluster.getMetadata().getUid()));
    }

    /** Returns whether a claim has this ensemble's data; the cluster for which it was made may be gone. */
    public boolean isOurs(PersistentVolumeClaim claim) {
        return hasLabels(claim)
                && VoterClaim.labelOf(names.clusterId())
                        .equals(PodReading.text(claim.getMetadata().getLabels(), Labels.CLUSTER_ID));
    }

    private boolean hasLabels(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return labels != null && labels.entrySet().containsAll(selector().entrySet());
    }

    /** Returns the id of the voter whose StatefulSet or claim this is. */
    public Optional<Integer> voterIdOf(HasMetadata object) {
        return id(object, Labels.MEMBER)
                .filter(id ->
                        id <= VOTER_ID_MAX && object.getMetadata().getName().equals(names.voter(id)));
    }

    /** Returns the id of the voter whose pod this is. */
    public Optional<Integer> voterIdOf(Pod pod) {
        return id(pod, Labels.MEMBER)
                .filter(id -> id <= VOTER_ID_MAX && pod.getMetadata().getName().equals(names.pod(id)));
    }

    /** Returns the id of the observer whose pod this is. */
    public Optional<Integer> observerIdOf(Pod pod) {
        String set = PodReading.text(pod.getMetadata().getLabels(), Labels.OBSERVERS);
        return id(pod, Labels.POD_INDEX)
                .filter(id -> id > VOTER_ID_MAX
                        && !set.isEmpty()
                        && pod.getMetadata().getName().equals(names.pod(set, id)));
    }

    /** Returns the name of the set of observers whose StatefulSet this is. */
    public Optional<String> observersOf(StatefulSet set) {
        String name = PodReading.text(set.getMetadata().getLabels(), Labels.OBSERVERS);
        return name.isEmpty() || !name.equals(set.getMetadata().getName()) ? Optional.empty() : Optional.of(name);
    }

    /** Returns whether a member of this id at this address is a pod of this cluster. */
    public boolean isMember(int id, String address) {
        return id <= VOTER_ID_MAX
                ? address.equals(names.address(id))
                : address.endsWith("-" + id + "." + names.peers() + "." + namespace() + ".svc:7101");
    }

    private static Optional<Integer> id(HasMetadata object, String label) {
        String text = PodReading.text(object.getMetadata().getLabels(), label);
        return ID.matcher(text).matches() ? Optional.of(Integer.valueOf(text)) : Optional.empty();
    }
}
