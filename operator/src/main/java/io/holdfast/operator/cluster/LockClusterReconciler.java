package io.holdfast.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockObservers;
import io.holdfast.operator.crd.v1alpha1.LockPolicy;
import io.holdfast.operator.desired.Labels;
import io.holdfast.operator.look.Texts;
import io.holdfast.operator.status.OperatorMetrics;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reconciles clusters. Informers say only when to look: of the object that they have, no more than the name is used.
 */
@ControllerConfiguration(
        name = "lockcluster",
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = WantedChanged.class))
public class LockClusterReconciler implements Reconciler<LockCluster> {

    private static final System.Logger LOG = System.getLogger(LockClusterReconciler.class.getName());
    private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(1);
    private static final int DOUBLINGS_MAX = 16;

    private final ClusterPass pass;
    private final OperatorMetrics metrics;
    private final Duration backOffMax;
    private @Nullable IndexerResourceCache<LockCluster> clusters;
    private final Map<ResourceID, Integer> failures = new ConcurrentHashMap<>();

    /** Creates one. */
    public LockClusterReconciler(ClusterPass pass, OperatorMetrics metrics, OperatorConfig config) {
        this.pass = pass;
        this.metrics = metrics;
        this.backOffMax = config.look().backOffMax();
    }

    @Override
    public List<EventSource<?, LockCluster>> prepareEventSources(EventSourceContext<LockCluster> context) {
        clusters = context.getPrimaryCache();
        return List.of(
                managed(Pod.class, context),
                managed(StatefulSet.class, context),
                managed(PersistentVolumeClaim.class, context),
                new InformerEventSource<>(
                        InformerEventSourceConfiguration.from(LockPolicy.class, LockCluster.class)
                                .withNamespacesInheritedFromController()
                                .withSecondaryToPrimaryMapper(policy -> Set.of(new ResourceID(
                                        policy.getSpec().clusterRef(),
                                        policy.getMetadata().getNamespace())))
                                .build(),
                        context),
                new InformerEventSource<>(
                        InformerEventSourceConfiguration.from(LockObservers.class, LockCluster.class)
                                .withNamespacesInheritedFromController()
                                .withSecondaryToPrimaryMapper(observers -> Set.of(new ResourceID(
                                        observers.getSpec().clusterRef(),
                                        observers.getMetadata().getNamespace())))
                                .build(),
                        context));
    }

    /** Only objects that the operator manages reach its memory. */
    private static <T extends HasMetadata> InformerEventSource<T, LockCluster> managed(
            Class<T> kind, EventSourceContext<LockCluster> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(kind, LockCluster.class)
                        .withNamespacesInheritedFromController()
                        .withLabelSelector(Labels.MANAGED_BY + "=" + Labels.OPERATOR)
                        .withSecondaryToPrimaryMapper(LockClusterReconciler::clusterOf)
                        .build(),
                context);
    }

    private static Set<ResourceID> clusterOf(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        String name = labels == null ? null : labels.get(Labels.INSTANCE);
        return name == null
                ? Set.of()
                : Set.of(new ResourceID(name, object.getMetadata().getNamespace()));
    }

    @Override
    public UpdateControl<LockCluster> reconcile(LockCluster named, Context<LockCluster> context) {
        ResourceID id = ResourceID.fromResource(named);
        try {
            var next = pass.pass(id.getNamespace().orElse(""), id.getName());
            var present = clusters;
            if (present != null) {
                metrics.retain((namespace, name) ->
                        present.get(new ResourceID(name, namespace)).isPresent());
                failures.keySet().removeIf(other -> present.get(other).isEmpty());
            }
            if (failures.remove(id) != null) {
                LOG.log(System.Logger.Level.INFO, "LockCluster {0} is looked at again", named(id));
            }
            return next.map(after -> UpdateControl.<LockCluster>noUpdate().rescheduleAfter(after))
                    .orElseGet(UpdateControl::noUpdate);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UpdateControl.noUpdate();
        } catch (RuntimeException e) {
            // Whatever it is: the SDK gives a cluster up after a few attempts, and an ensemble needs its repairs.
            return again(id, e);
        }
    }

    /** One line in the log for each outage, whatever it is and however long it lasts. */
    private UpdateControl<LockCluster> again(ResourceID id, RuntimeException e) {
        int failed = failures.merge(id, 1, Integer::sum);
        if (failed == 1) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "LockCluster {0} cannot be looked at, and nothing is done until it can: {1}",
                    named(id),
                    Texts.line(e));
            LOG.log(System.Logger.Level.DEBUG, "where it failed", e);
        }
        long doubled = FIRST_BACK_OFF.toMillis() << Math.min(failed - 1, DOUBLINGS_MAX);
        return UpdateControl.<LockCluster>noUpdate()
                .rescheduleAfter(Duration.ofMillis(Math.min(doubled, backOffMax.toMillis())));
    }

    private static String named(ResourceID id) {
        return id.getNamespace().orElse("") + "/" + id.getName();
    }
}
