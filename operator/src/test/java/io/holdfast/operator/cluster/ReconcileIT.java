package io.holdfast.operator.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.holdfast.ensemble.Eventually;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockClusterStatus;
import io.holdfast.operator.paper.TestCluster;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clusters as an admin asks for them, with the operator as it runs and pods that are processes of the server. */
@Timeout(900)
class ReconcileIT {

    private static final Duration BOUND = Duration.ofMinutes(5);
    private static final String AGENT = "operator";

    @TempDir
    private Path directory;

    private TestCluster cluster;
    private KubernetesClient admin;
    private KubernetesClient client;
    private TestOperator operator;

    @BeforeEach
    void start() throws Exception {
        cluster = TestCluster.start(directory, List.of("n1", "n2", "n3", "n4"));
        admin = cluster.client("admin");
        for (String kind : List.of("lockclusters", "lockobservers", "lockclusterbackups")) {
            try (InputStream definition = Files.newInputStream(Path.of("../k8s/crds/holdfast.dev_" + kind + ".yaml"))) {
                admin.load(definition).create();
            }
        }
        admin.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("shop")
                        .endMetadata()
                        .build())
                .create();
        startOperator();
    }

    private void startOperator() {
        client = cluster.client(AGENT);
        operator = new TestOperator(client).start();
    }

    private void stopOperator() {
        operator.close();
        client.close();
    }

    @AfterEach
    void stop() throws Exception {
        stopOperator();
        admin.close();
        cluster.close();
    }

    private void create(int voters) {
        admin.resource(admin.getKubernetesSerialization().unmarshal("""
                        apiVersion: holdfast.dev/v1alpha1
                        kind: LockCluster
                        metadata: {name: orders, namespace: shop}
                        spec:
                          voters: %d
                          image: holdfast:1
                          storage: {size: 1Gi}
                          updates: {minReady: 1s, progressDeadline: 10m}
                        """.formatted(voters), LockCluster.class))
                .create();
    }

    private void patch(String spec) {
        admin.resources(LockCluster.class)
                .inNamespace("shop")
                .withName("orders")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":" + spec + "}");
    }

    private Optional<LockClusterStatus> status() {
        return Optional.ofNullable(admin.resources(LockCluster.class)
                        .inNamespace("shop")
                        .withName("orders")
                        .get())
                .map(LockCluster::getStatus);
    }

    private static boolean has(LockClusterStatus status, String type, String value, String reason) {
        return status.conditions().stream()
                .anyMatch(condition -> condition.getType().equals(type)
                        && condition.getStatus().equals(value)
                        && condition.getReason().equals(reason));
    }

    private void await(String what, Predicate<LockClusterStatus> holds) throws Exception {
        try {
            Eventually.await(what, BOUND, () -> status().filter(holds).isPresent());
        } catch (TimeoutException e) {
            throw new AssertionError(what + ": " + status() + "\n" + events() + "\n" + pods(), e);
        }
    }

    private void awaitConverged(int voters) throws Exception {
        long generation = admin.resources(LockCluster.class)
                .inNamespace("shop")
                .withName("orders")
                .get()
                .getMetadata()
                .getGeneration();
        await(
                voters + " voters as wanted",
                status -> Objects.equals(status.observedGeneration(), generation)
                        && Objects.equals(status.readyVoters(), voters)
                        && has(status, "Progressing", "False", "Converged")
                        && has(status, "Available", "True", "Serving")
                        && has(status, "Quorate", "True", "QuorumConfirmed")
                        && has(status, "Degraded", "False", "AsWanted"));
    }

    private List<Pod> pods() {
        return admin.pods().inNamespace("shop").list().getItems();
    }

    private Set<String> images() {
        Set<String> images = new TreeSet<>();
        pods().forEach(pod -> images.add(pod.getSpec().getContainers().get(0).getImage()));
        return images;
    }

    private List<String> events() {
        return admin.v1().events().inNamespace("shop").list().getItems().stream()
                .map(event -> event.getReason() + ": " + event.getMessage())
                .toList();
    }

    @Test
    void aClusterGrowsRollsAndShrinks() throws Exception {
        create(3);
        awaitConverged(3);
        assertEquals(3, pods().size());
        Eventually.await(
                "the Service of clients",
                BOUND,
                () -> admin.services().inNamespace("shop").withName("orders-rw").get() != null
                        && admin.policy()
                                        .v1()
                                        .podDisruptionBudget()
                                        .inNamespace("shop")
                                        .withName("orders")
                                        .get()
                                != null);

        var traffic = cluster.paper().orElseThrow().traffic();
        awaitConverged(3);
        long writes = traffic.writesBy(AGENT);
        long requests = traffic.by(AGENT);
        Eventually.await("several looks", BOUND, () -> traffic.by(AGENT) > requests + 60);
        assertEquals(writes, traffic.writesBy(AGENT), traffic::toString);

        patch("{\"image\":\"holdfast:missing\"}");
        await("the rollout is stuck", status -> has(status, "Progressing", "False", "RolloutStuck"));
        await("a quorum serves", status -> has(status, "Available", "True", "Serving"));
        assertEquals(2, pods().stream().filter(ReconcileIT::isReady).count());
        assertEquals(Set.of("holdfast:1", "holdfast:missing"), images());

        patch("{\"image\":\"holdfast:2\"}");
        awaitConverged(3);
        assertEquals(Set.of("holdfast:2"), images());

        patch("{\"voters\":1}");
        awaitConverged(1);
        Eventually.await(
                "pods and volumes of those that left are gone",
                BOUND,
                () -> pods().size() == 1
                        && admin.persistentVolumeClaims()
                                        .inNamespace("shop")
                                        .list()
                                        .getItems()
                                        .size()
                                == 1);
        assertNull(admin.policy()
                .v1()
                .podDisruptionBudget()
                .inNamespace("shop")
                .withName("orders")
                .get());
        assertEquals(List.of(), cluster.kubelet().failures());
    }

    @Test
    void anOperatorThatStopsAnywhereGoesOn() throws Exception {
        create(3);
        for (int voters = 1; voters <= 3; voters++) {
            int wanted = voters;
            Eventually.await(
                    "voter " + voters + " is begun",
                    BOUND,
                    () -> admin.apps()
                                    .statefulSets()
                                    .inNamespace("shop")
                                    .list()
                                    .getItems()
                                    .size()
                            >= wanted);
            stopOperator();
            startOperator();
        }
        cluster.paper().orElseThrow().defects().down(true);
        cluster.paper().orElseThrow().defects().down(false);
        awaitConverged(3);
        assertEquals(3, pods().size());
        losesItsQuorumAndFindsItAgain();
        LockClusterStatus status = status().orElseThrow();
        assertTrue(status.nextId() >= 4, status::toString);
        assertEquals(
                1,
                status.members().stream()
                        .filter(member -> "leader".equals(member.state()))
                        .count());
    }

    /** Without a quorum nothing is changed, however long it lasts. */
    private void losesItsQuorumAndFindsItAgain() throws Exception {
        List<String> nodes = pods().stream()
                .filter(pod -> !pod.getMetadata().getName().equals("orders-voter-1-0"))
                .map(pod -> pod.getSpec().getNodeName())
                .toList();
        Set<String> uids = new TreeSet<>();
        pods().forEach(pod -> uids.add(pod.getMetadata().getUid()));
        nodes.forEach(node -> cluster.kubelet().nodeDies(node, true));
        await(
                "the quorum is lost",
                status -> has(status, "Quorate", "False", "NoQuorum") && has(status, "Available", "False", "NoQuorum"));
        var traffic = cluster.paper().orElseThrow().traffic();
        long requests = traffic.by(AGENT);
        Eventually.await("several looks", BOUND, () -> traffic.by(AGENT) > requests + 40);
        assertEquals(
                3,
                admin.apps()
                        .statefulSets()
                        .inNamespace("shop")
                        .list()
                        .getItems()
                        .size());
        Set<String> still = new TreeSet<>();
        pods().forEach(pod -> still.add(pod.getMetadata().getUid()));
        assertEquals(uids, still, "nothing was evicted");
        nodes.forEach(node -> cluster.kubelet().nodeReturns(node));
        awaitConverged(3);
    }

    private static boolean isReady(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("True"));
    }
}
