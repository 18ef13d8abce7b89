package io.holdfast.operator.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.holdfast.ensemble.Eventually;
import io.holdfast.operator.cluster.InProcessOperator;
import io.holdfast.operator.crd.v1alpha1.BackupPhase;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupStatus;
import io.holdfast.operator.crd.v1alpha1.LockClusterStatus;
import io.holdfast.operator.look.Looker;
import io.holdfast.operator.paper.Holder;
import io.holdfast.operator.paper.OperatorRights;
import io.holdfast.operator.paper.TestCluster;
import io.holdfast.operator.paper.api.ApiServer;
import io.javaoperatorsdk.operator.Operator;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs are processes of the packaged server here, and ask a node that is one, too. */
@Timeout(300)
class BackupIT {

    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final String OPERATOR = "operator";

    @TempDir
    private Path directory;

    private TestCluster cluster;
    private KubernetesClient client;
    private Operator operator;
    private KubernetesClient operators;
    private InProcessOperator clusters;
    private Optional<ApiServer> paper;

    @BeforeEach
    void start() throws Exception {
        cluster = TestCluster.start(directory, List.of("n1"));
        client = cluster.client("test");
        try (Stream<Path> definitions = Files.list(Path.of("../k8s/crds"))) {
            for (Path definition : definitions
                    .filter(file -> file.toString().contains("holdfast.dev_"))
                    .toList()) {
                client.resource(Files.readString(definition)).create();
            }
        }
        create("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: shop}
                """);
        create("""
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: nfs, namespace: shop}
                spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}
                """);
        paper = cluster.paper();
        paper.ifPresent(server ->
                OperatorRights.ofAllNamespaces().forEach(role -> server.rights().grant(OPERATOR, null, role)));
        operators = cluster.client(OPERATOR);
        clusters = new InProcessOperator(
                operators,
                Map.of(
                        "holdfast.operator.look.progressing", "500ms",
                        "holdfast.operator.look.converged", "2s",
                        "holdfast.operator.look.after-action", "50ms"));
    }

    @AfterEach
    void stop() throws Exception {
        if (operator != null) {
            operator.stop();
        }
        clusters.close();
        operators.close();
        client.close();
        cluster.close();
    }

    @Test
    void aBackupIsMadeAndANewClusterBeginsWithIt() throws Exception {
        cluster("orders", "shop.orders", "");
        await("orders converges", () -> says("orders", "Converged"));
        Holder before = new Holder(cluster.kubelet(), "shop", "orders-rw");
        String session = before.open("before");
        long token = before.take(session, "held");
        long generation = Objects.requireNonNull(status("orders").generation());

        backup("first", "claim: nfs, path: orders", "Delete");
        begin();
        await(
                "the job is made",
                () -> !client.batch()
                        .v1()
                        .jobs()
                        .inNamespace("shop")
                        .list()
                        .getItems()
                        .isEmpty());
        // Another operator, which has seen nothing of that.
        operator.stop();
        begin();
        LockClusterBackupStatus status = end("first");
        assertEquals(BackupPhase.COMPLETED, status.phase(), status.toString());
        assertEquals(generation, status.generation());
        Path file = folder("nfs").resolve(status.location().substring("claim://nfs/".length()));
        assertEquals(Files.size(file), status.bytes());
        assertEquals(sha256(file), status.sha256());

        // Arguments that no attempt makes right.
        backup("second", "s3: {bucket: backups, prefix: orders/}", "Retain");
        LockClusterBackupStatus failed = end("second");
        assertEquals(BackupPhase.FAILED, failed.phase(), failed.toString());
        assertTrue(failed.conditions().get(0).getMessage().contains("AWS_ACCESS_KEY_ID"), failed.toString());

        restore(session, token, generation);
        whatCannotBeRestoredIsRefused(file);

        client.resources(LockClusterBackup.class)
                .inNamespace("shop")
                .withName("first")
                .delete();
        await(
                "the file and the object are gone",
                () -> client.resources(LockClusterBackup.class)
                                .inNamespace("shop")
                                .withName("first")
                                .get()
                        == null);
        assertFalse(Files.exists(file));
        assertEquals(List.of(), cluster.kubelet().failures());
        assertEquals(
                List.of(),
                paper.map(server -> server.rights().refused()).orElse(List.of()),
                "what the operator's role lacks");
    }

    /** The new cluster waits until the old one is gone, since both would grant the same locks. */
    private void restore(String session, long token, long generation) throws Exception {
        cluster("copy", "shop.orders", "bootstrap: {restore: {backup: first}}");
        await("the old ensemble runs", () -> says("copy", "EnsembleRuns"));
        assertTrue(client.apps()
                .statefulSets()
                .inNamespace("shop")
                .withLabel("app.kubernetes.io/instance", "copy")
                .list()
                .getItems()
                .isEmpty());
        client.resources(LockCluster.class)
                .inNamespace("shop")
                .withName("orders")
                .delete();
        await("copy converges", () -> says("copy", "Converged"));
        Holder after = new Holder(cluster.kubelet(), "shop", "copy-rw");
        assertEquals(token, after.token("held"));
        assertTrue(after.take(session, "after") > token, "tokens do not go back");
        assertNotEquals(generation, status("copy").generation());
    }

    /** By a file that is damaged, and by one that is not there. */
    private void whatCannotBeRestoredIsRefused(Path file) throws Exception {
        byte[] damaged = Files.readAllBytes(file);
        damaged[damaged.length / 2]++;
        Files.write(folder("nfs").resolve("damaged.backup"), damaged);
        for (String name : List.of("damaged", "absent")) {
            cluster(name, "shop." + name, "bootstrap: {restore: {claim: nfs, path: " + name + ".backup}}");
        }
        await("the damaged one is refused", () -> says("damaged", "exit code 65"));
        await("the absent one is refused", () -> says("absent", "exit code 66"));
        for (String name : List.of("damaged", "absent")) {
            Condition why = progressing(name);
            assertEquals("Blocked", why.getReason());
            assertTrue(why.getMessage().contains(name + ".backup"), why.getMessage());
            assertNull(status(name).generation());
        }
    }

    private void cluster(String name, String clusterId, String more) {
        create("""
                apiVersion: holdfast.dev/v1alpha1
                kind: LockCluster
                metadata: {name: %s, namespace: shop}
                spec:
                  voters: 1
                  image: holdfast:1
                  clusterId: %s
                  session: {ttlMax: 1h}
                  storage: {size: 1Gi, whenDeleted: Delete}
                  updates: {minReady: 1s, progressDeadline: 5m}
                  %s
                """.formatted(name, clusterId, more));
    }

    private LockClusterStatus status(String name) {
        return Looker.statusOf(client.resources(LockCluster.class)
                .inNamespace("shop")
                .withName(name)
                .get());
    }

    private Condition progressing(String name) {
        return status(name).conditions().stream()
                .filter(condition -> condition.getType().equals("Progressing"))
                .findFirst()
                .orElseGet(Condition::new);
    }

    /** Whether reason and message of the cluster's progress contain these words. */
    private boolean says(String name, String words) {
        Condition condition = progressing(name);
        return (condition.getReason() + ": " + condition.getMessage()).contains(words);
    }

    private void begin() {
        operator = new Operator(overrider -> overrider
                .withKubernetesClient(operators)
                .withCloseClientOnStop(false)
                .checkingCRDAndValidateLocalModel(false));
        operator.register(new BackupReconciler(operators));
        operator.start();
    }

    private void backup(String name, String target, String policy) {
        create("""
                apiVersion: holdfast.dev/v1alpha1
                kind: LockClusterBackup
                metadata: {name: %s, namespace: shop}
                spec: {clusterRef: orders, deletionPolicy: %s, target: {%s}}
                """.formatted(name, policy, target));
    }

    private LockClusterBackupStatus end(String name) throws TimeoutException {
        var backup =
                client.resources(LockClusterBackup.class).inNamespace("shop").withName(name);
        await(name + " ends", () -> {
            LockClusterBackupStatus status = backup.get().getStatus();
            return status != null && (status.phase() == BackupPhase.COMPLETED || status.phase() == BackupPhase.FAILED);
        });
        return backup.get().getStatus();
    }

    private void create(String yaml) {
        client.resource(yaml).create();
    }

    private Path folder(String claim) {
        String uid = client.persistentVolumeClaims()
                .inNamespace("shop")
                .withName(claim)
                .get()
                .getMetadata()
                .getUid();
        return directory.resolve("claims").resolve(uid);
    }

    private static String sha256(Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private void await(String what, BooleanSupplier condition) throws TimeoutException {
        try {
            Eventually.await(what, BOUND, condition);
        } catch (TimeoutException e) {
            throw new TimeoutException(e.getMessage() + "\n"
                    + client.v1().events().inNamespace("shop").list().getItems());
        }
    }
}
