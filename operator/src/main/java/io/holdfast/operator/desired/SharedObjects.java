package io.holdfast.operator.desired;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import java.util.ArrayList;
import java.util.List;

/** The objects that a cluster has once, beside its start: they are applied before any plan. */
public final class SharedObjects {

    private SharedObjects() {}

    /**
     * What the objects depend on beside the specification.
     *
     * @param observers whether the cluster has observers
     * @param voters in the ensemble's configuration
     * @param others pods of members that do not vote
     * @param initialized whether the ensemble had all its voters once, so that clients may come
     */
    public record Seen(boolean observers, int voters, int others, boolean initialized) {}

    /**
     * Returns the objects that are to be there, always in the same order.
     *
     * @throws SpecRefusedException when the specification cannot be carried out
     */
    public static List<HasMetadata> of(LockCluster cluster, Seen seen) {
        var objects = new ArrayList<HasMetadata>();
        objects.add(PeersService.of(cluster));
        if (seen.initialized()) {
            objects.add(ReadWriteService.of(cluster));
            objects.add(ReadOnlyService.of(cluster, seen.observers()));
        }
        Budget.of(cluster, seen.voters(), seen.others()).ifPresent(objects::add);
        Access.of(cluster).ifPresent(objects::add);
        Monitor.of(cluster).ifPresent(objects::add);
        return List.copyOf(objects);
    }
}
