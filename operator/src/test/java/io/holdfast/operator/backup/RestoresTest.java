package io.holdfast.operator.backup;

import static io.holdfast.operator.backup.Looks.NOW;
import static io.holdfast.operator.backup.Looks.ON_CLAIM;
import static io.holdfast.operator.backup.Looks.backup;
import static io.holdfast.operator.backup.Looks.cluster;
import static io.holdfast.operator.backup.Looks.deleted;
import static io.holdfast.operator.backup.Looks.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.holdfast.operator.crd.v1alpha1.BackupPhase;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import io.holdfast.operator.crd.v1alpha1.Removal;
import io.holdfast.operator.crd.v1alpha1.Restore;
import io.holdfast.operator.crd.v1alpha1.S3Object;
import io.holdfast.operator.desired.PodValues;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a cluster begins with. */
class RestoresTest {

    private static final Restore BY_NAME = new Restore("orders-0215", null, null, null);

    private static LockClusterBackup of(BackupPhase phase) {
        return backup(Removal.RETAIN, ON_CLAIM, status(phase, "", NOW));
    }

    private static Pod pod(String namespace, String instance, String clusterId, String phase) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(instance + "-voter-1-0")
                .withNamespace(namespace)
                .addToLabels("app.kubernetes.io/instance", instance)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .addNewEnv()
                .withName("HOLDFAST_CLUSTER_ID")
                .withValue(clusterId)
                .endEnv()
                .endContainer()
                .endSpec()
                .withNewStatus()
                .withPhase(phase)
                .endStatus()
                .build();
    }

    static Stream<Arguments> refusals() {
        Restore none = new Restore(null, null, null, null);
        Restore up = new Restore(null, "nfs", "../x.backup", null);
        LockClusterBackup moved = backup(
                Removal.RETAIN,
                new io.holdfast.operator.crd.v1alpha1.BackupTarget(null, "other", null),
                status(BackupPhase.COMPLETED, "", NOW));
        Pod old = pod("old", "orders", "shop.orders", "Running");
        return Stream.of(
                arguments(BY_NAME, null, List.of(), "NoBackup", "claim and path, or s3"),
                arguments(BY_NAME, of(BackupPhase.RUNNING), List.of(), "BackupNotCompleted", "not Completed yet"),
                arguments(BY_NAME, of(BackupPhase.FAILED), List.of(), "BackupNotCompleted", "is Failed"),
                arguments(
                        BY_NAME,
                        deleted(of(BackupPhase.COMPLETED), true),
                        List.of(),
                        "BackupNotCompleted",
                        "is being deleted"),
                arguments(BY_NAME, moved, List.of(), "NoLocation", "status.location"),
                arguments(BY_NAME, of(BackupPhase.COMPLETED), List.of(old), "EnsembleRuns", "old/orders-voter-1-0"),
                arguments(up, null, List.of(), "BadRestore", "exactly one"),
                arguments(none, null, List.of(), "BadRestore", "exactly one"));
    }

    @ParameterizedTest(name = "{3}")
    @MethodSource("refusals")
    void refuses(Restore restore, @Nullable LockClusterBackup backup, List<Pod> others, String reason, String part) {
        var refused = (Restores.Refused) Restores.resolve(restore, backup, others);
        assertEquals(reason, refused.reason());
        assertTrue(refused.message().contains(part), refused.message());
    }

    static Stream<Arguments> sources() {
        return Stream.of(
                arguments(BY_NAME, of(BackupPhase.COMPLETED), Looks.LOCATION),
                arguments(new Restore(null, "nfs", "a/b.backup", null), null, "claim://nfs/a/b.backup"),
                arguments(
                        new Restore(null, null, null, new S3Object(null, null, "backups", "a/b.backup", null)),
                        null,
                        "s3://backups/a/b.backup"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("sources")
    void findsTheFile(Restore restore, @Nullable LockClusterBackup backup, String location) {
        var source = (Restores.Source) Restores.resolve(restore, backup, List.of());
        assertEquals(location, source.location());
    }

    @Test
    void knowsPodsOfTheSameEnsembleElsewhere() {
        Pod own = pod("shop", "orders", "shop.orders", "Running");
        Pod old = pod("shop", "old", "shop.orders", "Running");
        Pod ended = pod("shop", "older", "shop.orders", "Failed");
        Pod other = pod("shop", "payments", "shop.payments", "Running");
        assertEquals(List.of(old), Restores.others(cluster(0), List.of(own, old, ended, other)));
    }

    @Test
    void rendersTheInitContainer() {
        Container server = new ContainerBuilder()
                .withImage("example.org/holdfast:0.4.1")
                .withImagePullPolicy("Always")
                .build();
        var source = (Restores.Source) Restores.resolve(BY_NAME, of(BackupPhase.COMPLETED), List.of());
        Container made = Restores.container(
                source, server, 1, "orders-voter-1-0.orders-peers.shop.svc:7101", "/data", List.of());
        assertEquals(
                "restore --from /backup/" + Looks.PATH + " --data /data --node 1 --address"
                        + " orders-voter-1-0.orders-peers.shop.svc:7101 --if-empty --report /dev/termination-log"
                        + " --scratch /tmp",
                String.join(" ", made.getArgs()));
        assertTrue(made.getVolumeMounts().get(0).getReadOnly());
        assertTrue(source.volumes().get(0).getPersistentVolumeClaim().getReadOnly());
    }

    /** Kubernetes would put a variable of the environment there. */
    @Test
    void keepsADollarThatIsInAPath() {
        assertEquals("/backup/$$(HOSTNAME)", PodValues.literal("/backup/$(HOSTNAME)"));
    }
}
