package io.holdfast.operator.death;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ReducedStateItemStore;
import io.holdfast.operator.ClusterName;
import io.holdfast.operator.Role;
import io.holdfast.operator.RoleStarter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts the role {@code confirmed-death}: watches pods with the session label, and nodes, and gives them to a closer.
 */
@ApplicationScoped
class ConfirmedDeathRole {

    private static final Logger LOG = Logger.getLogger(ConfirmedDeathRole.class);

    /** Ten pods a second. */
    private static final long PAUSE_MILLIS = 100;

    /** Pods of whose node is known at most; of more, only their own end is seen. */
    private static final int PODS_MAX = 50_000;

    private final RoleStarter role;
    private final DeathConfig config;
    private final KubernetesClient client;
    private final MeterRegistry metrics;
    private final Map<String, Pod> onNodes = new LinkedHashMap<>();
    private final Set<String> outOfService = ConcurrentHashMap.newKeySet();
    private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
    private @Nullable ScheduledExecutorService thread;

    ConfirmedDeathRole(RoleStarter role, DeathConfig config, KubernetesClient client, MeterRegistry metrics) {
        this.role = role;
        this.config = config;
        this.client = client;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        if (role.role() != Role.CONFIRMED_DEATH) {
            return;
        }
        Counter closed = metrics.counter("holdfast.operator.sessions.closed");
        Closer closer = new Closer(
                new Live(client),
                new ServiceSessions(),
                config.endpoint(),
                closed::increment,
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        watch(closer);
        ScheduledExecutorService made = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread worker = new Thread(task, "holdfast-confirmed-death");
            worker.setDaemon(true);
            return worker;
        });
        thread = made;
        ScheduledFuture<?> unused =
                made.scheduleWithFixedDelay(() -> next(closer), PAUSE_MILLIS, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static void next(Closer closer) {
        try {
            closer.next();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("a pod could not be looked at", e);
        }
    }

    private void watch(Closer closer) {
        SharedIndexInformer<Node> nodes = client.nodes().withLimit(500L).runnableInformer(0);
        nodes.itemStore(new ReducedStateItemStore<>(
                ReducedStateItemStore.NAME_KEY_STATE, Node.class, client.getKubernetesSerialization()));
        nodes.addEventHandler(new Handler<>(
                node -> nodeSeen(node, closer),
                node -> outOfService.remove(node.getMetadata().getName())));
        SharedIndexInformer<Pod> pods = client.pods()
                .inAnyNamespace()
                .withLabel(ClusterName.SESSION_LABEL)
                .withLimit(500L)
                .runnableInformer(0);
        pods.removeNamespaceIndex();
        pods.itemStore(new ReducedStateItemStore<>(
                ReducedStateItemStore.UID_KEY_STATE, Pod.class, client.getKubernetesSerialization()));
        pods.addEventHandler(new Handler<>(pod -> podSeen(pod, closer), pod -> podGone(pod, closer)));
        for (SharedIndexInformer<?> informer : List.of(nodes, pods)) {
            // An API server that does not answer yet is asked again: meanwhile the ttl runs.
            informer.exceptionHandler((started, failure) -> true);
            informers.add(informer);
            informer.start();
        }
    }

    private void podSeen(Pod pod, Closer closer) {
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

    private void podGone(Pod pod, Closer closer) {
        synchronized (onNodes) {
            onNodes.remove(pod.getMetadata().getUid());
        }
        if (pod.getSpec() != null && ProofOfDeath.isEnded(pod)) {
            closer.offer(pod);
        }
    }

    private void nodeSeen(Node node, Closer closer) {
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

    void stop(@Observes ShutdownEvent event) {
        informers.forEach(SharedIndexInformer::stop);
        ScheduledExecutorService made = thread;
        if (made != null) {
            made.shutdownNow();
        }
    }

    /** The two things that are done with what a watch delivers; a last version that it missed is none. */
    private record Handler<T>(java.util.function.Consumer<T> seen, java.util.function.Consumer<T> gone)
            implements ResourceEventHandler<T> {

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
