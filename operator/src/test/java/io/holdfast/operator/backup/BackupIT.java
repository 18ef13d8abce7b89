package io.holdfast.operator.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.holdfast.ensemble.Eventually;
import io.holdfast.operator.crd.v1alpha1.BackupPhase;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackup;
import io.holdfast.operator.crd.v1alpha1.LockClusterBackupStatus;
import io.holdfast.operator.crd.v1alpha1.Restore;
import io.holdfast.operator.desired.PeersService;
import io.holdfast.operator.desired.StartConfig;
import io.holdfast.operator.desired.VoterClaim;
import io.holdfast.operator.desired.VoterSet;
import io.holdfast.operator.paper.TestCluster;
import io.javaoperatorsdk.operator.Operator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
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

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private TestCluster cluster;
    private KubernetesClient client;
    private Operator operator;
    private LockCluster orders;

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
        LockCluster wanted = Looks.cluster(0);
        wanted.getMetadata().setUid(null);
        orders = client.resource(wanted).create();
        client.resource(PeersService.of(orders)).create();
        client.resource(StartConfig.founding(orders)).create();
        client.resource(VoterClaim.of(orders, 1, null)).create();
        create("""
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: nfs, namespace: shop}
                spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}
                """);
    }

    @AfterEach
    void stop() throws Exception {
        if (operator != null) {
            operator.stop();
        }
        client.close();
        cluster.close();
    }

    @Test
    void aBackupIsMadeRestoredAndDeleted() throws Exception {
        client.resource(VoterSet.of(orders, 1, null)).create();
        await("voter 1 is ready", this::isReady);
        String session = text(send("POST", "/v1/sessions", "{\"ttl\": \"1h\", \"name\": \"before\"}"), "id");
        long generation = Long.parseLong(text(send("GET", "/v1/cluster", ""), "generation"));
        new Writes(client).status(orders, Looks.cluster(generation).getStatus());

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

        restore("first");
        assertNotEquals(Long.toString(generation), text(send("GET", "/v1/cluster", ""), "generation"));
        assertEquals("before", text(send("GET", "/v1/sessions/" + session, ""), "name"));

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
    }

    /** Voter 1 begins anew on another volume, as one of the cluster that was deleted. */
    private void restore(String name) throws Exception {
        client.apps()
                .statefulSets()
                .inNamespace("shop")
                .withName("orders-voter-1")
                .delete();
        var claim = client.persistentVolumeClaims().inNamespace("shop").withName("orders-voter-1");
        claim.delete();
        await("voter 1 and its volume are gone", () -> pod() == null && claim.get() == null);
        client.resource(VoterClaim.of(orders, 1, null)).create();
        var source = (Restores.Source) Restores.resolve(
                new Restore(name, null, null, null),
                client.resources(LockClusterBackup.class)
                        .inNamespace("shop")
                        .withName(name)
                        .get(),
                Restores.others(orders, client.pods().inAnyNamespace().list().getItems()));
        client.resource(VoterSet.of(orders, 1, source)).create();
        await("the restored voter is ready", this::isReady);
    }

    private void begin() {
        operator = new Operator(overrider ->
                overrider.withKubernetesClient(cluster.client("operator")).checkingCRDAndValidateLocalModel(false));
        operator.register(new BackupReconciler(cluster.client("operator")));
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

    private Pod pod() {
        return client.pods().inNamespace("shop").withName("orders-voter-1-0").get();
    }

    private boolean isReady() {
        Pod pod = pod();
        return pod != null
                && pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(each -> each.getType().equals("Ready")
                                && each.getStatus().equals("True"));
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

    private String send(String method, String path, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(
                        URI.create("http://" + pod().getStatus().getPodIP() + ":7100" + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static String text(String json, String field) throws IOException {
        return new JsonMapper().readTree(json).path(field).asText();
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
