package io.holdfast.operator.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ReducedStateItemStore;
import io.holdfast.operator.ClusterName;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Says with an Event that a pod asked for a sidecar and has none: the webhook was not there when the pod was made, or
 * what it asked for could not be. Of each pod only its uid is kept.
 */
final class NotInjectedWatcher implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(NotInjectedWatcher.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Events that wait for the API server at most; of more, a line in the log says how many were not written. */
    private static final int WAITING_MAX = 500;

    private static final int PAUSE_MILLIS = 100;
    private static final int MESSAGE_MAX = 1000;
    private static final int CONFLICT = 409;
    private static final Set<String> OVER = Set.of("Succeeded", "Failed");

    private final KubernetesClient client;
    private final Injection injection;
    private final ScheduledExecutorService thread;
    private final String own;
    private final Clock clock;
    private final AtomicInteger waiting = new AtomicInteger();
    private @Nullable SharedIndexInformer<Pod> informer;

    NotInjectedWatcher(
            KubernetesClient client, Injection injection, ScheduledExecutorService thread, String own, Clock clock) {
        this.client = client;
        this.injection = injection;
        this.thread = thread;
        this.own = own;
        this.clock = clock;
    }

    void start() {
        SharedIndexInformer<Pod> pods = client.pods()
                .inAnyNamespace()
                // Those with a sidecar have the label: they are not even sent.
                .withLabelSelector("!" + ClusterName.SESSION_LABEL)
                .withLimit(500L)
                .runnableInformer(0);
        pods.itemStore(new ReducedStateItemStore<>(
                ReducedStateItemStore.UID_KEY_STATE, Pod.class, client.getKubernetesSerialization()));
        pods.removeNamespaceIndex();
        pods.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Pod pod) {
                seen(pod);
            }

            @Override
            public void onUpdate(Pod before, Pod after) {
                // Neither annotations that are added later nor containers change what was injected.
            }

            @Override
            public void onDelete(Pod pod, boolean unknown) {
                // Nothing is kept of it.
            }
        });
        // An API server that does not answer yet is asked again; pods are made all the same.
        pods.exceptionHandler((started, failure) -> true);
        informer = pods;
        pods.start();
    }

    private void seen(Pod pod) {
        if (!wantsEvent(pod)) {
            return;
        }
        if (waiting.incrementAndGet() > WAITING_MAX) {
            waiting.decrementAndGet();
            LOG.warnf("pod %s has no sidecar, and there are too many such pods for an Event", name(pod));
            return;
        }
        ScheduledFuture<?> unused = thread.schedule(() -> tell(pod), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private boolean wantsEvent(Pod pod) {
        var annotations = pod.getMetadata().getAnnotations();
        String namespace = pod.getMetadata().getNamespace();
        return annotations != null
                && annotations.containsKey(Wish.ELECT)
                && pod.getMetadata().getDeletionTimestamp() == null
                && !"kube-system".equals(namespace)
                && !own.equals(namespace)
                && (pod.getStatus() == null
                        || !OVER.contains(String.valueOf(pod.getStatus().getPhase())));
    }

    private void tell(Pod pod) {
        waiting.decrementAndGet();
        try {
            JsonNode tree = JSON.valueToTree(pod);
            if (Injection.hasSidecar(tree)) {
                return;
            }
            String why = why(tree, pod.getMetadata().getNamespace());
            LOG.warnf("pod %s: %s", name(pod), why);
            write(pod, why);
        } catch (KubernetesClientException e) {
            LOG.warnf("the Event NotInjected of pod %s could not be written: %s", name(pod), e.getMessage());
        } catch (RuntimeException e) {
            LOG.warnf("pod %s could not be looked at: %s", name(pod), e.getMessage());
        }
    }

    private String why(JsonNode pod, String namespace) {
        Injection.Decision decision = injection.decide(pod, namespace);
        if (decision.injected() || decision.warnings().isEmpty()) {
            return "the pod asked for a sidecar and has none: the injector did not answer when the pod was made;"
                    + " delete the pod so that it is made again";
        }
        String all = String.join("; ", decision.warnings());
        return all.substring(0, Math.min(all.length(), MESSAGE_MAX));
    }

    /** The Event's name is the pod's uid: two replicas, and a second start, write one. */
    private void write(Pod pod, String why) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        try {
            client.resource(new EventBuilder()
                            .withNewMetadata()
                            .withName(
                                    "holdfast-not-injected." + pod.getMetadata().getUid())
                            .withNamespace(pod.getMetadata().getNamespace())
                            .endMetadata()
                            .withType("Warning")
                            .withReason("NotInjected")
                            .withMessage(why)
                            .withCount(1)
                            .withFirstTimestamp(now)
                            .withLastTimestamp(now)
                            .withNewSource()
                            .withComponent("holdfast-injector")
                            .endSource()
                            .withNewInvolvedObject()
                            .withApiVersion("v1")
                            .withKind("Pod")
                            .withName(pod.getMetadata().getName())
                            .withNamespace(pod.getMetadata().getNamespace())
                            .withUid(pod.getMetadata().getUid())
                            .endInvolvedObject()
                            .build())
                    .create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                throw e;
            }
        }
    }

    private static String name(Pod pod) {
        return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
    }

    @Override
    public void close() {
        SharedIndexInformer<Pod> pods = informer;
        if (pods != null) {
            pods.stop();
        }
    }
}
