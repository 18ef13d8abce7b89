package io.holdfast.operator.backup;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupSchedule;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jboss.logging.Logger;

/** The reconciler of schedules. The cache of the SDK only says when to look: {@link ScheduleWork} looks anew. */
@ApplicationScoped
@ControllerConfiguration(name = "lockclusterbackupschedule", generationAwareEventProcessing = false)
public class ScheduleReconciler implements Reconciler<LockClusterBackupSchedule> {

    private static final Logger LOG = Logger.getLogger(ScheduleReconciler.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(15);

    private final ScheduleWork work;
    private final BackupMeters meters;

    @Inject
    ScheduleReconciler(KubernetesClient client, MeterRegistry registry) {
        this.work = new ScheduleWork(client, Clock.systemUTC());
        this.meters = new BackupMeters(registry, Clock.systemUTC());
    }

    @Override
    public List<EventSource<?, LockClusterBackupSchedule>> prepareEventSources(
            EventSourceContext<LockClusterBackupSchedule> context) {
        var backups = InformerEventSourceConfiguration.from(LockClusterBackup.class, LockClusterBackupSchedule.class)
                .withName("scheduled-backups")
                .withNamespacesInheritedFromController()
                .withLabelSelector(BackupNames.SCHEDULE)
                .withSecondaryToPrimaryMapper(ScheduleReconciler::schedule)
                .build();
        return List.of(new InformerEventSource<>(backups, context));
    }

    private static Set<ResourceID> schedule(LockClusterBackup backup) {
        Map<String, String> labels =
                Objects.requireNonNullElse(backup.getMetadata().getLabels(), Map.of());
        String name = labels.get(BackupNames.SCHEDULE);
        return name == null
                ? Set.of()
                : Set.of(new ResourceID(name, backup.getMetadata().getNamespace()));
    }

    @Override
    public UpdateControl<LockClusterBackupSchedule> reconcile(
            LockClusterBackupSchedule cached, Context<LockClusterBackupSchedule> context) {
        var meta = cached.getMetadata();
        var known = context.eventSourceRetriever().getControllerEventSource();
        meters.measure(known.list(), known::get);
        Duration again;
        try {
            again = work.run(meta.getNamespace(), meta.getName());
        } catch (KubernetesClientException | IllegalStateException e) {
            LOG.warnf(
                    "LockClusterBackupSchedule %s/%s waits: %s",
                    meta.getNamespace(), meta.getName(), Lines.shorter(e.getMessage(), 300));
            again = AFTER_FAILURE;
        }
        UpdateControl<LockClusterBackupSchedule> control = UpdateControl.noUpdate();
        return again.isZero() ? control : control.rescheduleAfter(again);
    }
}
