package io.holdfast.operator.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.holdfast.operator.crd.v1alpha1.LockObservers;
import io.holdfast.operator.desired.Names;
import io.holdfast.operator.look.Blueprint;
import io.holdfast.operator.look.Looker;
import io.holdfast.operator.look.Sight;
import io.holdfast.operator.plan.Action;
import io.holdfast.operator.tls.Authority;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The members of a cluster that need certificates, and what these are for. */
final class MemberRequests {

    /** Observers of one set at most. */
    private static final int OBSERVERS_MAX = 50;

    private final Sight sight;
    private final Names names;
    private final SortedMap<String, Authority.Request> voters = new TreeMap<>();
    private final SortedMap<String, Authority.Request> observers = new TreeMap<>();

    /**
     * Takes them from a look.
     *
     * @param action that is to follow: what it makes needs a certificate, too
     */
    MemberRequests(Sight sight, Action action) {
        this.sight = sight;
        this.names = new Blueprint(sight.cluster()).names();
        Sight.Objects objects = sight.objects();
        SortedSet<Integer> ids = new TreeSet<>(objects.sets().keySet());
        ids.addAll(objects.pods().keySet());
        ids.addAll(objects.claims().keySet());
        Integer next = Looker.statusOf(sight.cluster()).nextId();
        ids.add(next == null ? 1 : Math.max(1, next));
        ids.forEach(id -> voters.put(names.pod(id), request(names.pod(id), id)));
        objects.observerPods()
                .forEach((id, pod) -> addObserver(pod.getMetadata().getName(), id));
        objects.observers().forEach((name, set) -> {
            Integer first = firstId(set);
            if (first != null) {
                add(name, first, set.getSpec().replicas());
            }
        });
        if (action instanceof Action.MakeObservers make) {
            add(make.name(), make.firstId(), make.replicas());
        }
    }

    private static @org.jspecify.annotations.Nullable Integer firstId(LockObservers set) {
        return set.getStatus() == null ? null : set.getStatus().firstId();
    }

    private void add(String set, int first, int replicas) {
        for (int id = first; id < first + Math.min(replicas, OBSERVERS_MAX); id++) {
            addObserver(names.pod(set, id), id);
        }
    }

    private void addObserver(String pod, int id) {
        observers.put(pod, request(pod, id));
    }

    private Authority.Request request(String pod, int id) {
        String domain = "." + names.namespace() + ".svc";
        return new Authority.Request(
                pod,
                List.of("holdfast://" + names.clusterId() + "/member/" + id),
                Stream.of(
                                names.host(pod),
                                names.rw() + domain,
                                names.ro() + domain,
                                names.rw() + "." + names.namespace(),
                                names.ro() + "." + names.namespace(),
                                names.rw(),
                                names.ro(),
                                "localhost")
                        .toList(),
                true);
    }

    /** Returns what certificates are for, by the names of pods: of voters, or of observers. */
    Map<String, Authority.Request> of(boolean ofVoters) {
        return ofVoters ? voters : observers;
    }

    /** Returns the names of pods that exist. */
    Stream<String> present(boolean ofVoters) {
        Map<Integer, Pod> pods =
                ofVoters ? sight.objects().pods() : sight.objects().observerPods();
        return pods.values().stream().map(pod -> pod.getMetadata().getName());
    }

    /** Returns the pods that exist and do not end, by id. */
    Map<Integer, Pod> pods() {
        Map<Integer, Pod> pods = new TreeMap<>(sight.objects().pods());
        pods.putAll(sight.objects().observerPods());
        pods.values().removeIf(pod -> pod.getMetadata().getDeletionTimestamp() != null);
        return pods;
    }
}
