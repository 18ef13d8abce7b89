package io.holdfast.operator.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Eventually;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockObservers;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The life of one cluster, from its making to its end: the operator as it is in production, an API server, and real
 * processes of the service. Each scenario begins where the one before it ended.
 */
@Timeout(600)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperatorIT {

    @TempDir
    private static Path directory;

    private static TestCluster cluster;
    private static Shop shop;
    private static Figures figures;

    @BeforeAll
    static void start() throws Exception {
        cluster = TestCluster.start(directory, List.of("n1", "n2", "n3", "n4", "n5", "n6"));
        shop = new Shop(cluster);
        figures = new Figures(shop, "operator");
        shop.startOperator();
    }

    @AfterAll
    static void stop() throws Exception {
        shop.close();
        cluster.close();
    }

    @Test
    @Order(1)
    void threeVotersAndTwoObserversAreMade() throws Exception {
        figures.measure("create 3 voters, 2 observers", () -> {
            shop.create(LockCluster.class, """
                    apiVersion: holdfast.dev/v1alpha1
                    kind: LockCluster
                    metadata: {name: orders}
                    spec:
                      voters: 3
                      image: holdfast:1
                      storage: {size: 1Gi, whenDeleted: Delete, lossAfter: 2s}
                      updates: {minReady: 1s, progressDeadline: 5m}
                      tls: {generated: {}, clients: Both}
                      config: {holdfast.tls.reload: 500ms}
                    """);
            shop.create(LockObservers.class, """
                    apiVersion: holdfast.dev/v1alpha1
                    kind: LockObservers
                    metadata: {name: readers}
                    spec: {clusterRef: orders, replicas: 2}
                    """);
            shop.awaitConverged(3, 2);
            return "";
        });
        assertEquals(Set.of(1, 2, 3), shop.voters());
        assertEquals("Serving", shop.condition("Available"));
        assertEquals("!AsWanted", shop.condition("Degraded"));
        var status = shop.orders().require().getStatus();
        assertEquals(
                List.of(status.leader()),
                status.members().stream()
                        .filter(member -> "leader".equals(member.state()))
                        .map(member -> member.id())
                        .toList(),
                "the leader is one of the members, and one alone");
        assertTrue(status.nextId() >= 4, () -> "ids that were given are not given again: " + status.nextId());
        var writes = shop.writes();
        var requests = shop.requests();
        var before = cluster.paper().map(paper -> paper.traffic().toString()).orElse("");
        shop.await("more looks", () -> shop.requests() > requests + 60);
        assertEquals(
                writes,
                shop.writes(),
                () -> "where nothing is to be done nothing is written: " + before + "\n and then: "
                        + cluster.paper()
                                .map(paper -> paper.traffic().toString())
                                .orElse(""));
    }

    @Test
    @Order(2)
    void votersComeAndGo() throws Exception {
        figures.measure("3 to 5 voters", () -> {
            shop.change("{\"spec\": {\"voters\": 5}}");
            shop.awaitConverged(5, 2);
            return "";
        });
        figures.measure("5 to 3 voters", () -> {
            shop.change("{\"spec\": {\"voters\": 3}}");
            shop.awaitConverged(3, 2);
            return "";
        });
        shop.await(
                "no claims of voters that left",
                () -> shop.client()
                                .persistentVolumeClaims()
                                .inNamespace(Shop.NAMESPACE)
                                .list()
                                .getItems()
                                .size()
                        == 3);
    }

    // cloudnative-pg 10433, percona-server-mongodb-operator 2520
    @Test
    @Order(3)
    void anAuthorityIsReplacedUnderClients() throws Exception {
        var uids = shop.pods().stream().map(pod -> pod.getMetadata().getUid()).collect(Collectors.toSet());
        var before = shop.trusted();
        try (var client = new LockCycles(cluster.kubelet(), Shop.NAMESPACE, "orders-rw")) {
            awaitCycles(client);
            figures.measure("authority replaced", () -> {
                shop.change("{\"metadata\": {\"annotations\": {\"holdfast.dev/rotate-authority\": \"1\"}}}");
                shop.await("members trust both", () -> shop.trusted().size() == 2);
                assertTrue(shop.trusted().containsAll(before));
                // Another operator goes on where this one was stopped.
                shop.stopOperator();
                shop.startOperator();
                shop.await(
                        "members trust the new one only", () -> shop.trusted().size() == 1);
                return awaitCycles(client);
            });
        }
        assertNotEquals(before, shop.trusted());
        shop.awaitConverged(3, 2);
        assertEquals(
                uids,
                shop.pods().stream().map(pod -> pod.getMetadata().getUid()).collect(Collectors.toSet()),
                "no pod is made anew for a certificate");
    }

    // superset-kubernetes-operator 152: the number that an autoscaler wrote stays
    @Test
    @Order(4)
    void observersComeAndGoUnderClients() throws Exception {
        try (var client = new LockCycles(cluster.kubelet(), Shop.NAMESPACE, "orders-rw")) {
            for (var replicas : new int[] {0, 5, 1}) {
                client.take();
                figures.measure("observers to " + replicas, () -> {
                    shop.readers().scale(replicas);
                    shop.awaitConverged(3, replicas);
                    return awaitCycles(client);
                });
            }
        }
        assertEquals(1, shop.readers().require().getSpec().replicas(), "an autoscaler's number stays");
    }

    @Test
    @Order(5)
    void anUpgradeGoesFromPodToPod() throws Exception {
        // An operator that decided from a cache would not see that a pod which it took is not back.
        cluster.paper().ifPresent(paper -> paper.defects().staleCaches(true));
        try (var client = new LockCycles(cluster.kubelet(), Shop.NAMESPACE, "orders-rw");
                var away = new VotersAway(cluster.kubelet().client())) {
            awaitCycles(client);
            figures.measure("roll 3 voters, 1 observer", () -> {
                shop.change("{\"spec\": {\"image\": \"holdfast:2\"}}");
                shop.await(
                        "all pods have the new image",
                        () -> shop.isConverged(3, 1) && images().equals(Set.of("holdfast:2")));
                return awaitCycles(client);
            });
            assertEquals(1, away.most().size(), () -> "away at the same time: " + away.most());
        } finally {
            cluster.paper().ifPresent(paper -> paper.defects().staleCaches(false));
        }
    }

    @Test
    @Order(6)
    void anImageThatCannotBePulledHaltsAtOnePod() throws Exception {
        figures.measure("bad image, and back", () -> {
            shop.change("{\"spec\": {\"image\": \"holdfast:missing\"}}");
            shop.await("RolloutStuck", () -> shop.condition("Progressing").endsWith("RolloutStuck"));
            assertEquals(
                    1, shop.pods().stream().filter(pod -> !Shop.isReady(pod)).count());
            assertTrue(shop.condition("Quorate").equals("QuorumConfirmed"));
            assertEquals(
                    Set.of("holdfast:2", "holdfast:missing"),
                    images(),
                    "one pod has the template, the others have not");
            shop.change("{\"spec\": {\"image\": \"holdfast:2\"}}");
            shop.awaitConverged(3, 1);
            return "";
        });
    }

    @Test
    @Order(7)
    void aPodThatIsLostComesBackAndADrainIsCounted() throws Exception {
        var lost = Shop.voter(shop.voters().last());
        var uid = shop.pod(lost).getMetadata().getUid();
        figures.measure("voter's pod lost", () -> {
            shop.client()
                    .pods()
                    .inNamespace(Shop.NAMESPACE)
                    .withName(lost)
                    .withGracePeriod(0)
                    .delete();
            shop.await("it is back", () -> !List.of("", uid).contains(shop.uid(lost)) && shop.isConverged(3, 1));
            return "";
        });
        var node = shop.pod(Shop.voter(shop.leader())).getSpec().getNodeName();
        figures.measure("leader's node drained", () -> {
            try (var client = new LockCycles(cluster.kubelet(), Shop.NAMESPACE, "orders-rw")) {
                awaitCycles(client);
                shop.drain(node);
                shop.awaitConverged(3, 1);
                return awaitCycles(client);
            }
        });
        cluster.kubelet().cordon(node, false);
    }

    @Test
    @Order(8)
    void aDeadNodesVoterIsReplacedOnDemand() throws Exception {
        var away = shop.voters().first() == shop.leader()
                ? shop.voters().last()
                : shop.voters().first();
        var node = shop.pod(Shop.voter(away)).getSpec().getNodeName();
        figures.measure("dead node, replace", () -> {
            cluster.kubelet().nodeDies(node, true);
            shop.await(
                    "the cluster is degraded", () -> !shop.condition("Degraded").startsWith("!"));
            assertTrue(shop.pod(Shop.voter(away)).isMarkedForDeletion(), "the pod may run still: it is never forced");
            shop.change("{\"metadata\": {\"annotations\": {\"holdfast.dev/replace\": \"" + away + "\"}}}");
            shop.await(
                    "another voter",
                    () -> shop.voters().size() == 3 && !shop.voters().contains(away));
            cluster.kubelet().nodeReturns(node);
            shop.awaitConverged(3, 1);
            return "";
        });
        shop.change("{\"metadata\": {\"annotations\": {\"holdfast.dev/replace\": null}}}");
        assertEquals("", shop.claimUid(away));
    }

    @Test
    @Order(9)
    void aVolumeThatIsLostIsReplaced() throws Exception {
        var loser = shop.voters().first() == shop.leader()
                ? shop.voters().last()
                : shop.voters().first();
        var uid = shop.claimUid(loser);
        figures.measure("volume lost", () -> {
            shop.client().resource(shop.claim(loser)).delete();
            shop.client()
                    .pods()
                    .inNamespace(Shop.NAMESPACE)
                    .withName(Shop.voter(loser))
                    .delete();
            shop.await("a new volume", () -> !List.of("", uid).contains(shop.claimUid(loser)));
            shop.awaitConverged(3, 1);
            return "";
        });
        assertTrue(shop.voters().contains(loser), "repair keeps the id");
    }

    @Test
    @Order(10)
    void anEmptiedDiskJoinsTheEnsembleThatThereIs() throws Exception {
        var generation = shop.orders().require().getStatus().generation();
        var emptied = shop.voters().first() == shop.leader()
                ? shop.voters().last()
                : shop.voters().first();
        var node = shop.pod(Shop.voter(emptied)).getSpec().getNodeName();
        var disk = shop.disk(emptied);
        figures.measure("disk emptied", () -> {
            cluster.kubelet().nodeDies(node, true);
            shop.await(
                    "its processes end",
                    () -> cluster.kubelet()
                            .pids(Shop.NAMESPACE, Shop.voter(emptied))
                            .isEmpty());
            cluster.kubelet().empty(shop.claim(emptied));
            cluster.kubelet().nodeReturns(node);
            shop.await(
                    "another disk votes",
                    () -> shop.isConverged(3, 1) && !shop.disk(emptied).equals(disk));
            return "";
        });
        assertEquals(generation, shop.orders().require().getStatus().generation());
    }

    @Test
    @Order(11)
    void anOperatorThatIsKilledGoesOn() throws Exception {
        figures.measure("3 to 5 voters, operator killed", () -> {
            shop.change("{\"spec\": {\"voters\": 5}}");
            shop.await(
                    "a fourth set",
                    () -> shop.client()
                                    .apps()
                                    .statefulSets()
                                    .inNamespace(Shop.NAMESPACE)
                                    .list()
                                    .getItems()
                                    .size()
                            > 4);
            shop.stopOperator();
            shop.startOperator();
            shop.awaitConverged(5, 1);
            return "";
        });
    }

    // cloudnative-pg 10535, opensearch-k8s-operator 976: a finalizer held a namespace back
    @Test
    @Order(12)
    void aNamespaceIsDeletedWithAllThatIsInIt() throws Exception {
        figures.measure("delete cluster", () -> {
            shop.orders().delete();
            shop.await(
                    "no pods of voters",
                    () -> shop.pods().stream()
                            .noneMatch(pod -> pod.getMetadata().getName().contains("voter")));
            shop.await(
                    "no claims",
                    () -> shop.client()
                            .persistentVolumeClaims()
                            .inNamespace(Shop.NAMESPACE)
                            .list()
                            .getItems()
                            .isEmpty());
            return "";
        });
        figures.measure("delete namespace", () -> {
            shop.client().namespaces().withName(Shop.NAMESPACE).delete();
            shop.await(
                    "it is gone",
                    () -> shop.client().namespaces().withName(Shop.NAMESPACE).get() == null);
            return "";
        });
        assertEquals(List.of(), cluster.kubelet().failures());
        assertEquals(List.of(), shop.refused(), "what the operator's role lacks");
    }

    private static Set<String> images() {
        return shop.pods().stream()
                .map(pod -> pod.getSpec().getContainers().get(0).getImage())
                .collect(Collectors.toSet());
    }

    private static String awaitCycles(LockCycles client) throws Exception {
        var before = client.cycles();
        Eventually.await("the client goes on", Shop.BOUND, () -> client.cycles() > before + 10);
        return client.take().toString();
    }
}
