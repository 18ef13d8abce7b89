package io.holdfast.operator.paper;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.TreeSet;

/**
 * Watches the pods of voters, and remembers how many were taken down and not ready again at the same time at most. A
 * pod that is not ready for a moment because the machine is busy was not taken down.
 */
final class VotersAway implements ResourceEventHandler<Pod>, AutoCloseable {

    private final TreeSet<String> away = new TreeSet<>();
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
        see(pod, pod.isMarkedForDeletion());
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
        see(pod, pod.isMarkedForDeletion());
    }

    @Override
    public void onDelete(Pod pod, boolean unknown) {
        see(pod, true);
    }

    private synchronized void see(Pod pod, boolean isTaken) {
        if (isTaken) {
            away.add(pod.getMetadata().getName());
        } else if (Shop.isReady(pod)) {
            away.remove(pod.getMetadata().getName());
        }
        most = away.size() > most.size() ? new TreeSet<>(away) : most;
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
