package io.holdfast.operator.backup;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.holdfast.operator.crd.v1alpha1.BackupPhase;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupStatus;
import io.holdfast.operator.desired.Labels;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what {@link BackupDecision} decides for a backup: looks at everything anew, reports, does one thing, and
 * looks again. Any thread.
 */
final class BackupWork {

    /** Steps without a pause; more than a backup ever needs at once. */
    private static final int STEPS_MAX = 10;

    private static final int CONFLICT = 409;
    private static final int FORBIDDEN = 403;
    private static final long PODS_MAX = 100;
    private static final int MESSAGE_CHARS_MAX = 500;

    private final KubernetesClient client;
    private final String ownNamespace;
    private final InstantSource clock;
    private final Writes writes;
    private final BackupEvents events;

    /**
     * Makes it.
     *
     * @param ownNamespace in which the operator runs
     */
    BackupWork(KubernetesClient client, String ownNamespace, InstantSource clock) {
        this.client = client;
        this.ownNamespace = ownNamespace;
        this.clock = clock;
        this.writes = new Writes(client);
        this.events = new BackupEvents(client);
    }

    /**
     * Brings a backup as far as it can be brought now.
     *
     * @return when to look again; zero when an event of the API server will tell
     */
    Duration run(String namespace, String name) {
        for (int i = 0; i < STEPS_MAX; i++) {
            Optional<BackupLook> look = look(namespace, name);
            if (look.isEmpty()) {
                return Duration.ZERO;
            }
            BackupStep step = BackupDecision.next(look.get(), clock.instant());
            try {
                if (!carriedOut(look.get(), step)) {
                    return step.again();
                }
            } catch (KubernetesClientException e) {
                if (e.getCode() != CONFLICT) {
                    return refused(namespace, name, step.action(), e);
                }
                // Something changed since the look: the next one sees it.
            }
        }
        return BackupStep.SOON;
    }

    /** A job that the API server does not take, for a quota or a policy, is reported and tried again. */
    private Duration refused(String namespace, String name, BackupAction action, KubernetesClientException e) {
        boolean isJob = action instanceof BackupAction.MakeJob || action instanceof BackupAction.MakeDeletion;
        Optional<BackupLook> look =
                isJob && e.getCode() >= 400 && e.getCode() < 500 ? look(namespace, name) : Optional.empty();
        if (look.isEmpty()) {
            throw e;
        }
        String why = e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage();
        BackupStep.State state = BackupDecision.refused(look.get(), Lines.shorter(why, MESSAGE_CHARS_MAX));
        LockClusterBackup backup = look.get().backup();
        LockClusterBackupStatus status = BackupStatuses.of(backup, state, clock.instant());
        if (!status.equals(backup.getStatus())) {
            writes.status(backup, status);
        }
        return BackupStep.LATER;
    }

    // ---- a look ----

    private Optional<BackupLook> look(String namespace, String name) {
        LockClusterBackup backup = client.resources(LockClusterBackup.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
        if (backup == null) {
            return Optional.empty();
        }
        LockCluster cluster = client.resources(LockCluster.class)
                .inNamespace(namespace)
                .withName(backup.getSpec().clusterRef())
                .get();
        String uid = backup.getMetadata().getUid();
        List<Pod> jobPods = pods(namespace, Map.of(BackupNames.BACKUP_UID, uid));
        return Optional.of(new BackupLook(
                backup,
                cluster,
                cluster == null ? List.of() : Sources.of(cluster, pods(namespace, Labels.selectMembers(cluster))),
                job(namespace, BackupNames.job(uid), jobPods, uid),
                job(namespace, BackupNames.deletion(uid), jobPods, uid),
                namespace.equals(ownNamespace)));
    }

    private List<Pod> pods(String namespace, Map<String, String> labels) {
        return client.pods()
                .inNamespace(namespace)
                .withLabels(labels)
                .list(new ListOptionsBuilder().withLimit(PODS_MAX).build())
                .getItems();
    }

    private @Nullable JobLook job(String namespace, String name, List<Pod> pods, String owner) {
        Job job =
                client.batch().v1().jobs().inNamespace(namespace).withName(name).get();
        return job == null ? null : JobLook.of(job, pods, owner);
    }

    // ---- a report, and an action ----

    /** Returns whether something was written, so that another look is worth it. */
    private boolean carriedOut(BackupLook look, BackupStep step) {
        LockClusterBackup backup = look.backup();
        boolean reported = false;
        if (step.state() != null) {
            LockClusterBackupStatus status = BackupStatuses.of(backup, step.state(), clock.instant());
            if (!status.equals(backup.getStatus())) {
                tell(look, step.state());
                backup = writes.status(backup, status);
                reported = true;
            }
        }
        return act(backup, look, step.action()) || (reported && status(backup) != look.phase());
    }

    private static @Nullable BackupPhase status(LockClusterBackup backup) {
        return backup.getStatus() == null ? null : backup.getStatus().phase();
    }

    private boolean act(LockClusterBackup backup, BackupLook look, BackupAction action) {
        if (action instanceof BackupAction.None) {
            return false;
        }
        if (action instanceof BackupAction.Prepare prepare) {
            List<String> finalizers = new ArrayList<>(backup.getMetadata().getFinalizers());
            if (prepare.finalizer()) {
                finalizers.add(BackupNames.FINALIZER);
            }
            writes.metadata(backup, prepare.image().annotations(), finalizers);
        } else if (action instanceof BackupAction.MakeJob make) {
            makeJob(backup, Objects.requireNonNull(look.cluster()), make.source());
        } else if (action instanceof BackupAction.ForgetJob forget) {
            writes.forget(backup.getMetadata().getNamespace(), forget.job(), BackupJobs.KEPT_SECONDS);
        } else if (action instanceof BackupAction.MakeDeletion make) {
            makeDeletion(backup, make);
        } else if (action instanceof BackupAction.RemoveFinalizer) {
            release(backup);
        } else {
            writes.delete(backup);
        }
        return true;
    }

    private void makeJob(LockClusterBackup backup, LockCluster cluster, Source source) {
        Store store = Store.of(backup.getSpec().target()).orElseThrow();
        client.resource(BackupJobs.backup(backup, cluster, store, source)).create();
        events.normal(
                backup,
                "BackupStarted",
                "job " + BackupNames.job(backup.getMetadata().getUid()) + " fetches from pod " + source.pod(),
                clock.instant());
    }

    /** In a namespace that is being deleted nothing can be made: the file stays, and the namespace goes. */
    private void makeDeletion(LockClusterBackup backup, BackupAction.MakeDeletion make) {
        Store store = Store.of(backup.getSpec().target()).orElseThrow();
        try {
            client.resource(BackupJobs.deletion(backup, make.image(), store, make.path()))
                    .create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != FORBIDDEN || !isNamespaceTerminating(e)) {
                throw e;
            }
            events.normal(
                    backup, "FileKept", "the namespace is being deleted: the file stays where it is", clock.instant());
            if (backup.getMetadata().getFinalizers().contains(BackupNames.FINALIZER)) {
                release(backup);
            } else {
                writes.delete(backup);
            }
        }
    }

    private static boolean isNamespaceTerminating(KubernetesClientException e) {
        var status = e.getStatus();
        return status != null
                && status.getDetails() != null
                && status.getDetails().getCauses().stream()
                        .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
    }

    private void release(LockClusterBackup backup) {
        List<String> others = backup.getMetadata().getFinalizers().stream()
                .filter(finalizer -> !BackupNames.FINALIZER.equals(finalizer))
                .toList();
        writes.metadata(backup, Map.of(), others);
    }

    private void tell(BackupLook look, BackupStep.State state) {
        Instant now = clock.instant();
        LockClusterBackup backup = look.backup();
        if (state.kept() != null) {
            if (state.kept().reason().equals("DeletionFailed")) {
                events.warning(backup, "DeletionFailed", state.kept().message(), now);
            }
        } else if (state.phase() == BackupPhase.FAILED) {
            events.warning(backup, "BackupFailed", state.message(), now);
            LockCluster cluster = look.cluster();
            if (cluster != null) {
                String name = backup.getMetadata().getName();
                events.warning(cluster, "BackupFailed", "LockClusterBackup " + name + ": " + state.message(), now);
            }
        } else if (state.phase() == BackupPhase.COMPLETED) {
            events.normal(backup, "BackupCompleted", state.message(), now);
        }
    }
}
