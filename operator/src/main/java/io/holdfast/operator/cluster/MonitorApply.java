package io.holdfast.operator.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.holdfast.operator.act.Outcome;
import io.holdfast.operator.act.Writes;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.desired.Monitor;
import io.holdfast.operator.desired.Names;
import io.holdfast.operator.look.Blueprint;
import io.holdfast.operator.look.Complaint;
import io.holdfast.operator.look.Sight;
import io.holdfast.operator.look.Texts;
import io.holdfast.operator.plan.Look;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Applies the ServiceMonitor of a cluster, and removes it when it is not wanted any more. It is for people who have the
 * Prometheus operator, and given the right by an overlay: whatever is wrong with it is said, and stops nothing.
 */
final class MonitorApply {

    /** Annotation of the peers' Service while there is a monitor: without it none is looked for. */
    static final String MONITORED = "holdfast.dev/monitored";

    private static final String GROUP = "monitoring.coreos.com";
    private static final int FORBIDDEN = 403;
    private static final ResourceDefinitionContext KIND = new ResourceDefinitionContext.Builder()
            .withGroup(GROUP)
            .withVersion("v1")
            .withKind(Monitor.KIND)
            .withPlural("servicemonitors")
            .withNamespaced(true)
            .build();

    private final KubernetesClient client;
    private final Writes writes;

    MonitorApply(KubernetesClient client, Writes writes) {
        this.client = client;
        this.writes = writes;
    }

    /**
     * Applies the one that is wanted, if one is. The peers' Service has its annotation already.
     *
     * @param isApplied whether an object, which may be absent, has all that is wanted
     */
    void apply(Sight sight, BiPredicate<@Nullable HasMetadata, HasMetadata> isApplied, List<Complaint> complaints) {
        Optional<GenericKubernetesResource> wanted = Monitor.of(sight.cluster());
        if (wanted.isEmpty() || !client.hasApiGroup(GROUP, false)) {
            return;
        }
        try {
            GenericKubernetesResource present = present(sight.cluster());
            if (present != null && !new Blueprint(sight.cluster()).isOurs(present)) {
                complaints.add(new Complaint(
                        Complaint.BLOCKED,
                        name(sight) + " exists and is not this cluster's: rename or delete it, or set"
                                + " spec.services.serviceMonitor to false"));
            } else if (!isApplied.test(present, wanted.get())) {
                refused(writes.apply(wanted.get()), complaints);
            }
        } catch (KubernetesClientException e) {
            refused(sight, e, complaints);
        }
    }

    /**
     * Removes one that is not wanted any more.
     *
     * @return whether there is one, wanted or not
     */
    boolean remove(Sight sight, List<Complaint> complaints) {
        if (Monitor.of(sight.cluster()).isPresent()) {
            return true;
        }
        if (!wasThere(sight)) {
            return false;
        }
        try {
            GenericKubernetesResource present = present(sight.cluster());
            if (present == null || !new Blueprint(sight.cluster()).isOurs(present)) {
                return false;
            }
            ObjectMeta seen = present.getMetadata();
            Outcome outcome = writes.delete(
                    "/apis/" + Monitor.API_VERSION + "/namespaces/" + seen.getNamespace() + "/servicemonitors",
                    Monitor.KIND,
                    new Look.Version(seen.getName(), seen.getUid(), seen.getResourceVersion()));
            refused(outcome, complaints);
            return !outcome.goesOn();
        } catch (KubernetesClientException e) {
            refused(sight, e, complaints);
            return true;
        }
    }

    private static String name(Sight sight) {
        return Monitor.KIND + " " + new Names(sight.cluster()).serviceMonitor();
    }

    private static boolean wasThere(Sight sight) {
        HasMetadata peers = sight.objects().shared().get("Service " + new Names(sight.cluster()).peers());
        Map<String, String> annotations =
                peers instanceof Service ? peers.getMetadata().getAnnotations() : null;
        return annotations != null && annotations.containsKey(MONITORED);
    }

    private @Nullable GenericKubernetesResource present(LockCluster cluster) {
        return client.genericKubernetesResources(KIND)
                .inNamespace(cluster.getMetadata().getNamespace())
                .withName(new Names(cluster).serviceMonitor())
                .get();
    }

    private static void refused(Sight sight, KubernetesClientException e, List<Complaint> complaints) {
        if (e.getCode() != FORBIDDEN) {
            throw e;
        }
        refused(Outcome.blocked("the API server refuses " + name(sight) + ": " + Texts.line(e)), complaints);
    }

    private static void refused(Outcome outcome, List<Complaint> complaints) {
        if (outcome.kind() == Outcome.Kind.BLOCKED) {
            complaints.add(new Complaint(
                    Complaint.MISSING_RIGHT,
                    Texts.line(
                            outcome.says() + "; if the right is missing, the component monitoring in k8s gives it")));
        }
    }
}
