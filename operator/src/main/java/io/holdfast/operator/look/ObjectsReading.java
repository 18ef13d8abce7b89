package io.holdfast.operator.look;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.holdfast.operator.crd.v1alpha1.LockObservers;
import io.holdfast.operator.crd.v1alpha1.NetworkAccess;
import io.holdfast.operator.desired.Labels;
import io.holdfast.operator.desired.Names;
import io.holdfast.operator.desired.ObserverSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads the objects of one cluster, and finds objects of others that have a name it needs. */
final class ObjectsReading {

    private static final List<Class<? extends HasMetadata>> SHARED =
            List.of(Service.class, PodDisruptionBudget.class, NetworkPolicy.class);

    private final LiveObjects live;
    private final Blueprint blueprint;
    private final String namespace;

    ObjectsReading(LiveObjects live, Blueprint blueprint) {
        this.live = live;
        this.blueprint = blueprint;
        this.namespace = blueprint.namespace();
    }

    /** Reads all of them. */
    Sight.Objects read() {
        Sight.Objects members = members();
        Map<Integer, PersistentVolumeClaim> claims = new TreeMap<>();
        Map<String, PersistentVolumeClaim> ofTemplates = new TreeMap<>();
        for (PersistentVolumeClaim claim :
                live.list(PersistentVolumeClaim.class, namespace, Labels.selectMembers(blueprint.cluster()))) {
            if (blueprint.isOurs(claim)) {
                blueprint.voterIdOf(claim).ifPresent(id -> claims.put(id, claim));
            } else {
                ofTemplates.put(claim.getMetadata().getName(), claim);
            }
        }
        Map<String, PersistentVolumeClaim> observerClaims = new TreeMap<>();
        members.observerPods()
                .values()
                .forEach(pod -> ObserverSet.claimOf(pod)
                        .map(ofTemplates::get)
                        .ifPresent(claim -> observerClaims.put(pod.getMetadata().getName(), claim)));
        ConfigMap start = live.get(ConfigMap.class, namespace, blueprint.names().start())
                .filter(blueprint::isOurs)
                .orElse(null);
        return new Sight.Objects(
                members.sets(),
                claims,
                members.pods(),
                members.observers(),
                members.observerSets(),
                members.observerPods(),
                observerClaims,
                start,
                shared());
    }

    /** Reads the StatefulSets and the pods, and no more. */
    Sight.Objects members() {
        Map<String, LockObservers> observers = new TreeMap<>();
        live.list(LockObservers.class, namespace, Map.of()).stream()
                .filter(set -> blueprint.name().equals(set.getSpec().clusterRef()))
                .forEach(set -> observers.put(set.getMetadata().getName(), set));
        Map<Integer, StatefulSet> sets = new TreeMap<>();
        Map<String, StatefulSet> observerSets = new TreeMap<>();
        for (StatefulSet set : live.list(StatefulSet.class, namespace, blueprint.selector())) {
            if (blueprint.isOurs(set)) {
                blueprint
                        .voterIdOf(set)
                        .ifPresentOrElse(
                                id -> sets.put(id, set),
                                () -> blueprint.observersOf(set).ifPresent(name -> observerSets.put(name, set)));
            }
        }
        Map<Integer, Pod> pods = new TreeMap<>();
        Map<Integer, Pod> observerPods = new TreeMap<>();
        for (Pod pod : pods().values()) {
            blueprint
                    .voterIdOf(pod)
                    .ifPresentOrElse(
                            id -> pods.put(id, pod),
                            () -> blueprint.observerIdOf(pod).ifPresent(id -> observerPods.put(id, pod)));
        }
        return new Sight.Objects(sets, Map.of(), pods, observers, observerSets, observerPods, Map.of(), null, Map.of());
    }

    /** Reads the pods, by name. */
    Map<String, Pod> pods() {
        Map<String, Pod> pods = new LinkedHashMap<>();
        live.list(Pod.class, namespace, blueprint.selector())
                .forEach(pod -> pods.put(pod.getMetadata().getName(), pod));
        return pods;
    }

    /** Also what is not wanted any more is read, so that it can go. */
    private Map<String, HasMetadata> shared() {
        Map<String, HasMetadata> shared = new TreeMap<>();
        for (Class<? extends HasMetadata> kind : SHARED) {
            live.list(kind, namespace, blueprint.selector()).stream()
                    .filter(blueprint::isOurs)
                    .forEach(object -> shared.put(Sight.key(object), object));
        }
        return shared;
    }

    /** Returns kind and name of each object that has a name which this cluster needs, and is not its own. */
    List<String> foreign(Sight.Objects objects, int nextId) {
        List<String> foreign = new ArrayList<>();
        Names names = blueprint.names();
        for (String service : List.of(names.peers(), names.rw(), names.ro())) {
            foreign(foreign, Service.class, service, objects.shared().containsKey("Service " + service));
        }
        foreign(foreign, ConfigMap.class, names.start(), objects.start() != null);
        String budget = names.budget();
        foreign(
                foreign,
                PodDisruptionBudget.class,
                budget,
                objects.shared().containsKey("PodDisruptionBudget " + budget));
        NetworkAccess access = blueprint.cluster().getSpec().networkPolicy();
        if (access != null && access.enabled()) {
            String policy = names.networkPolicy();
            foreign(foreign, NetworkPolicy.class, policy, objects.shared().containsKey("NetworkPolicy " + policy));
        }
        SortedSet<Integer> ids = new TreeSet<>(objects.sets().keySet());
        ids.addAll(objects.claims().keySet());
        ids.add(Math.max(1, nextId));
        for (int id : ids) {
            foreign(foreign, StatefulSet.class, names.voter(id), objects.sets().containsKey(id));
            foreign(
                    foreign,
                    PersistentVolumeClaim.class,
                    names.voter(id),
                    objects.claims().containsKey(id));
        }
        for (String set : objects.observers().keySet()) {
            foreign(foreign, StatefulSet.class, set, objects.observerSets().containsKey(set));
        }
        return foreign;
    }

    private void foreign(List<String> foreign, Class<? extends HasMetadata> kind, String name, boolean ours) {
        if (!ours && live.get(kind, namespace, name).isPresent()) {
            foreign.add(HasMetadata.getKind(kind) + " " + name);
        }
    }
}
