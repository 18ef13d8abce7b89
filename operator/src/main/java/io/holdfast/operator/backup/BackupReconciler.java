package io.holdfast.operator.backup;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * The reconciler of backups. The cache of the SDK only says when to look: {@link BackupWork} looks at everything anew.
 *
 * <p>The SDK gives every object a finalizer or none. Only backups whose file goes with them have one here, so those
 * that are being deleted are found by {@link Deletions}.
 */
@ApplicationScoped
@ControllerConfiguration(name = "lockclusterbackup", generationAwareEventProcessing = false)
public class BackupReconciler implements Reconciler<LockClusterBackup> {

    private static final Logger LOG = Logger.getLogger(BackupReconciler.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(15);

    private final BackupWork work;
    private final Deletions deletions;

    @Inject
    BackupReconciler(KubernetesClient client) {
        String own = client.getNamespace();
        this.work = new BackupWork(client, own == null ? "" : own, Clock.systemUTC());
        this.deletions = new Deletions(work, Clock.systemUTC());
    }

    @Override
    public List<EventSource<?, LockClusterBackup>> prepareEventSources(EventSourceContext<LockClusterBackup> context) {
        deletions.watch(context.getPrimaryCache());
        var jobs = InformerEventSourceConfiguration.from(Job.class, LockClusterBackup.class)
                .withName("backup-jobs")
                .withNamespacesInheritedFromController()
                .withLabelSelector("app.kubernetes.io/name=" + BackupNames.APP + ",app.kubernetes.io/managed-by="
                        + BackupNames.OPERATOR)
                .build();
        return List.of(new InformerEventSource<>(jobs, context));
    }

    @Override
    public UpdateControl<LockClusterBackup> reconcile(LockClusterBackup cached, Context<LockClusterBackup> context) {
        var meta = cached.getMetadata();
        Duration again;
        try {
            again = work.run(meta.getNamespace(), meta.getName());
        } catch (KubernetesClientException e) {
            LOG.warnf(
                    "LockClusterBackup %s/%s waits for the API server: %s",
                    meta.getNamespace(), meta.getName(), Lines.shorter(e.getMessage(), 300));
            again = AFTER_FAILURE;
        }
        UpdateControl<LockClusterBackup> control = UpdateControl.noUpdate();
        return again.isZero() ? control : control.rescheduleAfter(again);
    }

    @PreDestroy
    void close() {
        deletions.close();
    }
}
