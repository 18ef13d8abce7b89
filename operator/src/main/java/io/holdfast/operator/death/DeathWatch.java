package io.holdfast.operator.death;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ReducedStateItemStore;
import io.holdfast.operator.ClusterName;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Watches pods with the session label, and nodes, and gives those that may be dead to a closer. Of a pod only its name
 * and its node are kept.
 */
final class DeathWatch implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(DeathWatch.class);

    /** Ten pods a second. */
    private static final long PAUSE_MILLIS = 100;

    /** Pods of whose node is known at most; of more, only their own end is seen. */
    private static final int PODS_MAX = 50_000;

    private final KubernetesClient client;
    /** Milliseconds, counted in pauses. */
    private final AtomicLong passed = new AtomicLong();

    private final Closer closer;
    private final Map<String, Pod> onNodes = new LinkedHashMap<>();
    private final Set<String> outOfService = ConcurrentHashMap.newKeySet();
    private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread worker = new Thread(task, "holdfast-confirmed-death");
        worker.setDaemon(true);
        return worker;
    });

    /**
     * Creates it.
     *
     * @param otherwise where the sessions of pods are that name no cluster
     * @param closed receives the number of sessions that were closed
     */
    DeathWatch(KubernetesClient client, SessionsOfPods sessions, Optional<URI> otherwise, LongConsumer closed) {
        this.client = client;
        this.closer = new Closer(new Live(client), sessions, otherwise, closed, passed::get);
    }

    void start() {
        watch();
        ScheduledFuture<?> unused =
                thread.scheduleWithFixedDelay(this::next, PAUSE_MILLIS, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void next() {
        passed.addAndGet(PAUSE_MILLIS);
        try {
            closer.next();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("a pod could not be looked at", e);
        }
    }

    private void watch() {
        SharedIndexInformer<Node> nodes = client.nodes().withLimit(500L).runnableInformer(0);
        nodes.itemStore(new ReducedStateItemStore<>(
                ReducedStateItemStore.NAME_KEY_STATE, Node.class, client.getKubernetesSerialization()));
        nodes.addEventHandler(new Handler<>(
                node -> nodeSeen(node),
                node -> outOfService.remove(node.getMetadata().getName())));
        SharedIndexInformer<Pod> pods = client.pods()
                .inAnyNamespace()
                .withLabel(ClusterName.SESSION_LABEL)
                .withLimit(500L)
                .runnableInformer(0);
        pods.removeNamespaceIndex();
        pods.itemStore(new ReducedStateItemStore<>(
                ReducedStateItemStore.UID_KEY_STATE, Pod.class, client.getKubernetesSerialization()));
        pods.addEventHandler(new Handler<>(pod -> podSeen(pod), pod -> podGone(pod)));
        for (SharedIndexInformer<?> informer : List.of(nodes, pods)) {
            // An API server that does not answer yet is asked again: meanwhile the ttl runs.
            informer.exceptionHandler((started, failure) -> true);
            informers.add(informer);
            informer.start();
        }
    }

    private void podSeen(Pod pod) {
        String node = pod.getSpec().getNodeName();
        if (node != null) {
            synchronized (onNodes) {
                if (onNodes.size() < PODS_MAX) {
                    onNodes.computeIfAbsent(pod.getMetadata().getUid(), uid -> brief(pod));
                }
            }
        }
        if (ProofOfDeath.isEnded(pod) || (node != null && outOfService.contains(node))) {
            closer.offer(pod);
        }
    }

    private void podGone(Pod pod) {
        synchronized (onNodes) {
            onNodes.remove(pod.getMetadata().getUid());
        }
        if (pod.getSpec() != null && ProofOfDeath.isEnded(pod)) {
            closer.offer(pod);
        }
    }

    private void nodeSeen(Node node) {
        String name = node.getMetadata().getName();
        if (!ProofOfDeath.isOutOfService(node)) {
            outOfService.remove(name);
            return;
        }
        outOfService.add(name);
        List<Pod> there;
        synchronized (onNodes) {
            there = onNodes.values().stream()
                    .filter(pod -> name.equals(pod.getSpec().getNodeName()))
                    .toList();
        }
        there.forEach(closer::offer);
    }

    /** What is kept of a pod: its name and where it is. */
    private static Pod brief(Pod pod) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .addToAnnotations(
                        ClusterName.ANNOTATION,
                        pod.getMetadata().getAnnotations() == null
                                ? null
                                : pod.getMetadata().getAnnotations().get(ClusterName.ANNOTATION))
                .endMetadata()
                .withNewSpec()
                .withNodeName(pod.getSpec().getNodeName())
                .endSpec()
                .build();
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::stop);
        thread.shutdownNow();
    }

    /** The two things that are done with what a watch delivers; a last version that it missed is none. */
    private record Handler<T>(Consumer<T> seen, Consumer<T> gone) implements ResourceEventHandler<T> {

        @Override
        public void onAdd(T object) {
            seen.accept(object);
        }

        @Override
        public void onUpdate(T before, T after) {
            seen.accept(after);
        }

        @Override
        public void onDelete(T object, boolean isFinalStateUnknown) {
            gone.accept(object);
        }
    }

    /** Asks the API server itself. */
    private record Live(KubernetesClient client) implements Closer.Cluster {

        @Override
        public @Nullable Pod pod(String namespace, String name) {
            return client.pods().inNamespace(namespace).withName(name).get();
        }

        @Override
        public @Nullable Node node(String name) {
            return client.nodes().withName(name).get();
        }
    }
}
