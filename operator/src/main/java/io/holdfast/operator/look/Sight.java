package io.holdfast.operator.look;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.holdfast.api.ClusterBody;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockObservers;
import io.holdfast.operator.plan.Look;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A look, with the objects and the answers from which it was made.
 *
 * @param cluster as the API server had it at the beginning
 * @param look for the planner
 * @param objects of the cluster
 * @param service what the nodes answered
 * @param dryRun whether nothing may be done
 * @param complaints settings that make no sense, and are ignored
 */
public record Sight(
        LockCluster cluster, Look look, Objects objects, Service service, boolean dryRun, List<Complaint> complaints) {

    /** Copies the list. */
    public Sight {
        complaints = List.copyOf(complaints);
    }

    /** Returns kind and name of an object, as people read it. */
    public static String key(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getName();
    }

    /**
     * The objects of a cluster.
     *
     * @param sets StatefulSets of voters, by id
     * @param claims claims of voters, by id
     * @param pods of voters, by id
     * @param observers the kind itself, by name
     * @param observerSets StatefulSets of observers, by name
     * @param observerPods pods of observers, by id
     * @param observerClaims claims that pods of observers mount, by the pod's name
     * @param start the ConfigMap of first settings, when it is ours
     * @param shared Services, budget and the like that are ours, by kind and name
     */
    public record Objects(
            Map<Integer, StatefulSet> sets,
            Map<Integer, PersistentVolumeClaim> claims,
            Map<Integer, Pod> pods,
            Map<String, LockObservers> observers,
            Map<String, StatefulSet> observerSets,
            Map<Integer, Pod> observerPods,
            Map<String, PersistentVolumeClaim> observerClaims,
            @Nullable ConfigMap start,
            Map<String, HasMetadata> shared) {

        /** Returns the StatefulSet of a name, a voter's or observers'. */
        public Optional<StatefulSet> set(String name) {
            return sets.values().stream()
                    .filter(set -> name.equals(set.getMetadata().getName()))
                    .findFirst()
                    .or(() -> Optional.ofNullable(observerSets.get(name)));
        }

        /** Returns the claim of a name. */
        public Optional<PersistentVolumeClaim> claim(String name) {
            return claims.values().stream()
                    .filter(claim -> name.equals(claim.getMetadata().getName()))
                    .findFirst();
        }

        /** Returns the pod of a member. */
        public Optional<Pod> pod(int id) {
            return Optional.ofNullable(pods.get(id)).or(() -> Optional.ofNullable(observerPods.get(id)));
        }
    }

    /**
     * What the nodes answered.
     *
     * @param leader where changes of the members go; absent when no quorum confirmed one
     * @param view of the leader; absent as well
     * @param answers of the members that were asked, by id
     */
    public record Service(
            @Nullable Endpoint leader, @Nullable ClusterBody view, Map<Integer, Answer<ClusterBody>> answers) {}
}
