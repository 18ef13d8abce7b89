package io.holdfast.operator.paper;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Watches the pods of voters that were ready once, and remembers how many were away at the same time at most. */
final class VotersAway implements ResourceEventHandler<Pod>, AutoCloseable {

    private final Map<String, Boolean> ready = new TreeMap<>();
    private final SharedIndexInformer<Pod> pods;
    private TreeSet<String> most = new TreeSet<>();

    VotersAway(KubernetesClient client) {
        pods = client.pods()
                .inNamespace(Shop.NAMESPACE)
                .withLabel("app.kubernetes.io/component", "voter")
                .inform(this);
    }

    @Override
    public void onAdd(Pod pod) {
        see(pod, Shop.isReady(pod));
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
        see(pod, Shop.isReady(pod));
    }

    @Override
    public void onDelete(Pod pod, boolean unknown) {
        see(pod, false);
    }

    private synchronized void see(Pod pod, boolean isReady) {
        var name = pod.getMetadata().getName();
        if (isReady || ready.containsKey(name)) {
            ready.put(name, isReady);
        }
        var away = new TreeSet<String>();
        ready.forEach((each, there) -> {
            if (!there) {
                away.add(each);
            }
        });
        most = away.size() > most.size() ? away : most;
    }

    /** The pods of the moment when most were away. */
    synchronized TreeSet<String> most() {
        return most;
    }

    @Override
    public void close() {
        pods.close();
    }
}
