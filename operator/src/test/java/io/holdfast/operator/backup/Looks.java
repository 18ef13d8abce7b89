package io.holdfast.operator.backup;

import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.holdfast.operator.crd.v1alpha1.BackupPhase;
import io.holdfast.operator.crd.v1alpha1.BackupTarget;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupSpec;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupStatus;
import io.holdfast.operator.crd.v1alpha1.Removal;
import io.holdfast.operator.crd.v1alpha1.S3Target;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Objects of these tests. */
final class Looks {

    static final Instant NOW = Instant.parse("2026-11-30T02:15:00Z");
    static final String NAMESPACE = "shop";
    static final String UID = "0b6a1c1e-5d1e-4a52-9b0a-6f2f3f0c9a11";
    static final String SHA = "9f".repeat(32);
    static final String PATH = "orders/1795276800123/7-1077-" + UID + ".backup";
    static final String LOCATION = "claim://nfs/" + PATH;
    static final BackupTarget ON_CLAIM = new BackupTarget(null, "nfs", "orders");
    static final BackupTarget IN_BUCKET =
            new BackupTarget(new S3Target("https://s3.example.org", "eu-1", "backups", "orders/", "s3"), null, null);

    private Looks() {}

    static LockClusterBackup backup(Removal policy, BackupTarget target, @Nullable LockClusterBackupStatus status) {
        LockClusterBackup backup = new LockClusterBackup();
        backup.setMetadata(new ObjectMetaBuilder()
                .withName("orders-0215")
                .withNamespace(NAMESPACE)
                .withUid(UID)
                .withResourceVersion("7")
                .withGeneration(1L)
                .withCreationTimestamp(NOW.toString())
                .build());
        backup.setSpec(new LockClusterBackupSpec("orders", policy, target));
        if (status != null) {
            backup.setStatus(status);
        }
        return backup;
    }

    static LockClusterBackup deleted(LockClusterBackup backup, boolean finalizer) {
        backup.getMetadata().setDeletionTimestamp(NOW.toString());
        backup.getMetadata().setFinalizers(finalizer ? List.of(BackupNames.FINALIZER) : List.of());
        return backup;
    }

    /** A status whose condition is so since then. */
    static LockClusterBackupStatus status(BackupPhase phase, String reason, Instant since) {
        boolean completed = phase == BackupPhase.COMPLETED;
        return new LockClusterBackupStatus(
                phase,
                completed ? LOCATION : null,
                completed ? "7-1077" : null,
                completed ? 1795276800123L : null,
                completed ? 1048576L : null,
                completed ? SHA : null,
                phase == BackupPhase.PENDING ? null : since.toString(),
                completed ? since.toString() : null,
                List.of(new ConditionBuilder()
                        .withType(BackupConditions.COMPLETE)
                        .withStatus(completed ? "True" : "False")
                        .withReason(reason)
                        .withMessage("why")
                        .withLastTransitionTime(since.toString())
                        .build()));
    }

    /** A cluster; one without an ensemble for generation 0. */
    static LockCluster cluster(long generation) {
        String status = generation == 0 ? "" : "status: {generation: " + generation + ", leader: 2}";
        LockCluster cluster =
                io.fabric8.kubernetes.client.utils.Serialization.unmarshal("""
                apiVersion: holdfast.dev/v1alpha1
                kind: LockCluster
                metadata: {name: orders, namespace: shop, uid: c1}
                spec: {image: "example.org/holdfast:0.4.1", clusterId: shop.orders, imagePullSecrets: [{name: pull}]}
                """ + status, LockCluster.class);
        return cluster;
    }

    static JobLook job(JobLook.End end, String words) {
        return new JobLook(
                BackupNames.job(UID),
                "3",
                true,
                end,
                end == JobLook.End.FAILED ? "BackoffLimitExceeded" : "",
                false,
                NOW.toString(),
                end == JobLook.End.NONE ? null : NOW.plusSeconds(5).toString(),
                words,
                "");
    }

    static String report(String location) {
        return "{\"outcome\":\"completed\",\"location\":\"" + location
                + "\",\"clusterId\":\"shop.orders\",\"generation\":1795276800123,\"revision\":\"7-1077\","
                + "\"bytes\":1048576,\"sha256\":\"" + SHA + "\",\"node\":3,\"reused\":false}";
    }
}
