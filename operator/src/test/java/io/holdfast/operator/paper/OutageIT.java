package io.holdfast.operator.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.holdfast.ensemble.Eventually;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.RecoveryStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One cluster whose operator, and then whose quorum, is lost. Each scenario begins where the one before it ended. */
@Timeout(600)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OutageIT {

    private static final Duration LONGER_THAN_A_RECOVERY_WAITS = Duration.ofMinutes(10);

    @TempDir
    private static Path directory;

    private static TestCluster cluster;
    private static Shop shop;
    private static Figures figures;

    @BeforeAll
    static void start() throws Exception {
        cluster = TestCluster.start(directory, List.of("n1", "n2", "n3", "n4", "n5"));
        shop = new Shop(cluster);
        figures = new Figures(shop, "outages");
        shop.startOperator();
    }

    @AfterAll
    static void stop() throws Exception {
        shop.close();
        cluster.close();
    }

    @Test
    @Order(1)
    void anOperatorThatIsStoppedAndSeesNoApiServerGoesOn() throws Exception {
        figures.measure("create 3 voters, operator stopped twice, API server once", () -> {
            shop.create(LockCluster.class, """
                    apiVersion: holdfast.dev/v1alpha1
                    kind: LockCluster
                    metadata: {name: orders}
                    spec:
                      voters: 3
                      image: holdfast:1
                      session: {ttlMax: 1h}
                      storage: {size: 1Gi}
                      updates: {minReady: 1s, progressDeadline: 5m}
                    """);
            for (int voters = 1; voters <= 3; voters++) {
                int wanted = voters;
                shop.await("voter " + voters + " is begun", () -> sets() >= wanted);
                if (voters == 2) {
                    theApiServerIsDown();
                } else {
                    shop.stopOperator();
                    shop.startOperator();
                }
            }
            shop.awaitConverged(3, 0);
            return "";
        });
        assertEquals(3, sets());
        assertEquals(Set.of(1, 2, 3), shop.voters());
    }

    @Test
    @Order(2)
    void aQuorumThatIsAwayIsWaitedFor() throws Exception {
        var nodes = shop.voters().stream()
                .filter(voter -> voter != shop.voters().first())
                .map(voter -> shop.pod(Shop.voter(voter)).getSpec().getNodeName())
                .toList();
        var uids = uids();
        figures.measure("two nodes of three away, and back", () -> {
            nodes.forEach(node -> cluster.kubelet().nodeDies(node, true));
            shop.await("NoQuorum", () -> shop.condition("Available").equals("!NoQuorum"));
            var requests = shop.requests();
            shop.await("several looks", () -> shop.requests() > requests + 40);
            assertEquals(3, sets());
            assertEquals(uids, uids(), "nothing is evicted, whatever is away");
            nodes.forEach(node -> cluster.kubelet().nodeReturns(node));
            shop.awaitConverged(3, 0);
            return "";
        });
    }

    /**
     * The last that was acknowledged is on two voters, and one of these loses its disk: only the third one has it, and
     * the second one would take the ensemble back in time.
     */
    @Test
    @Order(3)
    void aLostQuorumIsRecoveredFromWhatIsLeft() throws Exception {
        var client = new Holder(cluster.kubelet(), Shop.NAMESPACE, "orders-rw");
        var session = client.open("before the loss");
        long early = client.take(session, "early");
        int behind = shop.voters().first();
        int emptied = shop.voters().last();
        int left = 6 - behind - emptied;
        var generation = shop.orders().require().getStatus().generation();
        var uids = List.of(shop.claimUid(behind), shop.claimUid(emptied), shop.claimUid(left));
        cluster.kubelet().nodeDies(node(behind), true);
        long late = client.take(session, "late");
        assertTrue(late > early);

        figures.measure("recover: look", () -> {
            var lost = node(emptied);
            cluster.kubelet().nodeDies(lost, true);
            shop.await(
                    "its processes end",
                    () -> cluster.kubelet()
                            .pids(Shop.NAMESPACE, Shop.voter(emptied))
                            .isEmpty());
            cluster.kubelet().empty(shop.claim(emptied));
            cluster.kubelet().nodeReturns(lost);
            shop.await("NoQuorum", () -> shop.condition("Available").equals("!NoQuorum"));
            shop.lostSince(Instant.now().minus(LONGER_THAN_A_RECOVERY_WAITS));
            recover("look");
            shop.await(
                    "the dead node's pod is waited for, which may run",
                    () -> shop.message("Progressing").contains("voter " + behind + " still ends"));
            assertEquals(List.of(), shop.orders().require().getStatus().recovery());
            cluster.kubelet().nodeReturns(node(behind));
            shop.await("three volumes", () -> examined().size() == 3);
            return "";
        });
        assertNull(volume(emptied).code(), () -> "nothing is left there: " + examined());
        assertTrue(counter(volume(behind)) < counter(volume(left)), () -> "what was acknowledged last: " + examined());

        recover(left + "/0000-0000");
        shop.await("the code is refused", () -> shop.message("Progressing").contains("no such entry"));
        assertEquals(Set.of(), uids(), "no voter runs before one is confirmed");
        confirmWhileMuchFails(left);

        var status = shop.orders().require().getStatus();
        assertNotEquals(generation, status.generation());
        var newcomers = shop.voters();
        assertTrue(newcomers.remove(left));
        assertTrue(newcomers.first() > 3, () -> "ids are new for ever: " + newcomers);
        assertEquals(3, sets(), "nothing is made twice");
        assertEquals(5, claims(), "nothing is made twice, and nothing is deleted");
        assertEquals(early, client.token("early"));
        assertEquals(late, client.token("late"));
        assertTrue(client.take(session, "after") > late, "tokens do not go back");
        assertEquals(uids, List.of(shop.claimUid(behind), shop.claimUid(emptied), shop.claimUid(left)), "kept");
        for (int kept : List.of(behind, emptied)) {
            assertEquals("before", shop.claim(kept).getMetadata().getLabels().get("holdfast.dev/mark"));
        }
    }

    private static void confirmWhileMuchFails(int left) throws Exception {
        figures.measure("recover: confirmed, operator stopped, writes fail", () -> {
            unreliable(4);
            recover(left + "/" + volume(left).code());
            shop.await(
                    "its job",
                    () -> shop.client()
                                    .batch()
                                    .v1()
                                    .jobs()
                                    .inNamespace(Shop.NAMESPACE)
                                    .withName("orders-voter-" + left + "-recover")
                                    .get()
                            != null);
            shop.stopOperator();
            shop.startOperator();
            shop.awaitConverged(3, 0);
            return unreliable(0) + " writes failed";
        });
    }

    /** Only what leaves now loses its claim. */
    @Test
    @Order(4)
    void aVoterAloneHasNoBudget() throws Exception {
        assertTrue(hasBudget());
        figures.measure("3 to 1 voters", () -> {
            shop.change("{\"spec\": {\"voters\": 1}}");
            shop.awaitConverged(1, 0);
            shop.await("three claims", () -> claims() == 3);
            return "";
        });
        assertFalse(hasBudget());
        assertEquals(List.of(), cluster.kubelet().failures());
        assertEquals(List.of(), shop.refused(), "what the operator's role lacks");
    }

    private static boolean hasBudget() {
        return shop.client()
                        .policy()
                        .v1()
                        .podDisruptionBudget()
                        .inNamespace(Shop.NAMESPACE)
                        .withName("orders")
                        .get()
                != null;
    }

    private static int claims() {
        return shop.client()
                .persistentVolumeClaims()
                .inNamespace(Shop.NAMESPACE)
                .list()
                .getItems()
                .size();
    }

    /** For as long as it takes the operator to ask, and to ask again. */
    private static void theApiServerIsDown() throws Exception {
        cluster.paper().ifPresent(paper -> paper.defects().down(true));
        var requests = shop.requests();
        Eventually.await(
                "it asks again", Shop.BOUND, () -> cluster.paper().isEmpty() || shop.requests() > requests + 2);
        cluster.paper().ifPresent(paper -> paper.defects().down(false));
    }

    /** Of so many writes of the operator one fails, and it is not known whether it was carried out. */
    private static int unreliable(int every) {
        return cluster.paper()
                .map(paper -> paper.defects().unreliableWrites(Shop.OPERATOR, every))
                .orElse(0);
    }

    private static String node(int voter) {
        return shop.pod(Shop.voter(voter)).getSpec().getNodeName();
    }

    private static void recover(String what) {
        shop.change("{\"metadata\": {\"annotations\": {\"holdfast.dev/recover\": \"" + what + "\"}}}");
    }

    private static List<RecoveryStatus> examined() {
        return shop.orders().require().getStatus().recovery();
    }

    private static RecoveryStatus volume(int voter) {
        return examined().stream()
                .filter(volume -> volume.member() == voter)
                .findFirst()
                .orElseThrow();
    }

    /** Of a position, which is an epoch and a counter. */
    private static long counter(RecoveryStatus volume) {
        return Long.parseLong(String.valueOf(volume.lastLogged()).replaceFirst(".*-", ""));
    }

    private static int sets() {
        return shop.client()
                .apps()
                .statefulSets()
                .inNamespace(Shop.NAMESPACE)
                .list()
                .getItems()
                .size();
    }

    private static Set<String> uids() {
        return shop.pods().stream()
                .map(Pod::getMetadata)
                .filter(pod -> pod.getName().matches("orders-voter-\\d+-0"))
                .map(pod -> pod.getUid())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
