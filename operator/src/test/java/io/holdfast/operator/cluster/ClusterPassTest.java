package io.holdfast.operator.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.holdfast.api.ClusterBody;
import io.holdfast.api.ProblemType;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockClusterStatus;
import io.holdfast.operator.look.StubService;
import io.holdfast.operator.paper.api.ApiServer;
import io.holdfast.operator.paper.api.Setup;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One pass over a cluster, on an API server without controllers and one node of the service that is a stub. */
class ClusterPassTest {

    private static final String AGENT = "operator";

    private final ApiServer server = ApiServer.start();
    private final KubernetesClient admin = server.client("admin");
    private final KubernetesClient client = server.client(AGENT);
    private final StubService service = new StubService();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ClusterPass pass = new TestOperator(client, service.port(), registry).pass();

    @BeforeEach
    void cluster() throws IOException {
        Setup.shop(admin);
        create("");
    }

    private void create(String annotation) {
        admin.resources(LockCluster.class)
                .inNamespace("shop")
                .resource(admin.getKubernetesSerialization().unmarshal("""
                        apiVersion: holdfast.dev/v1alpha1
                        kind: LockCluster
                        metadata:
                          name: orders
                          namespace: shop
                          annotations: {%s}
                        spec: {voters: 3, image: "holdfast:1", storage: {size: 1Gi}}
                        """.formatted(annotation), LockCluster.class))
                .create();
    }

    private void annotate(String name, String value) {
        admin.resources(LockCluster.class)
                .inNamespace("shop")
                .withName("orders")
                .edit(cluster -> {
                    cluster.getMetadata().setAnnotations(Map.of("holdfast.dev/" + name, value));
                    return cluster;
                });
    }

    @AfterEach
    void stop() {
        client.close();
        admin.close();
        service.close();
        server.close();
    }

    private Duration pass() throws InterruptedException {
        return pass.pass("shop", "orders").orElseThrow();
    }

    private LockClusterStatus status() {
        return Optional.ofNullable(admin.resources(LockCluster.class)
                        .inNamespace("shop")
                        .withName("orders")
                        .get()
                        .getStatus())
                .orElseThrow();
    }

    private String condition(String type) {
        Condition condition = status().conditions().stream()
                .filter(present -> present.getType().equals(type))
                .findFirst()
                .orElseThrow();
        return condition.getStatus() + " " + condition.getReason();
    }

    private Set<String> events() {
        Set<String> reasons = new TreeSet<>();
        admin.v1().events().inNamespace("shop").list().getItems().stream()
                .map(Event::getReason)
                .forEach(reasons::add);
        return reasons;
    }

    private ConfigMap start() {
        return admin.configMaps().inNamespace("shop").withName("orders-start").get();
    }

    private List<StatefulSet> sets() {
        return admin.apps().statefulSets().inNamespace("shop").list().getItems();
    }

    /** What the StatefulSet's controller and a kubelet would do. */
    private void podOf(int id, boolean ready) {
        var template = admin.apps()
                .statefulSets()
                .inNamespace("shop")
                .withName("orders-voter-" + id)
                .get()
                .getSpec()
                .getTemplate();
        String name = "orders-voter-" + id + "-0";
        admin.resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace("shop")
                        .withName(name)
                        .withLabels(template.getMetadata().getLabels())
                        .withAnnotations(template.getMetadata().getAnnotations())
                        .endMetadata()
                        .withSpec(template.getSpec())
                        .build())
                .create();
        admin.pods()
                .inNamespace("shop")
                .withName(name)
                .editStatus(pod -> new PodBuilder(pod)
                        .withNewStatus()
                        .withPhase("Running")
                        .withPodIP("127.0.0.1")
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus(ready ? "True" : "False")
                        .withLastTransitionTime("2026-01-01T00:00:00Z")
                        .endCondition()
                        .addNewContainerStatus()
                        .withName("holdfast")
                        .withImage("holdfast:1")
                        .withImageID("holdfast@1")
                        .withReady(ready)
                        .withRestartCount(0)
                        .withNewState()
                        .withNewRunning()
                        .endRunning()
                        .endState()
                        .endContainerStatus()
                        .endStatus()
                        .build());
    }

    private void leads(ClusterBody.Member... members) {
        service.on("GET /v1/cluster", StubService.json(200, StubService.cluster("shop.orders", 1, 1, members)))
                .on("PATCH /v1/cluster/members/1", StubService.json(200, StubService.change(7)));
    }

    @Test
    void anEnsembleIsFoundedAndThenClosed() throws InterruptedException {
        pass();
        assertEquals(
                "1@orders-voter-1-0.orders-peers.shop.svc:7101",
                start().getData().get("HOLDFAST_MEMBERS"));
        assertNotNull(admin.persistentVolumeClaims()
                .inNamespace("shop")
                .withName("orders-voter-1")
                .get());
        assertEquals(1, sets().size());
        assertEquals("True Founding", condition("Progressing"));
        assertEquals("False NoAnswer", condition("Quorate"));
        assertTrue(events().contains("Found"), events().toString());

        podOf(1, true);
        leads(StubService.member(1, "voter", "leader"));
        pass();
        assertEquals(1_795_276_800_123L, status().generation());
        assertEquals(2, status().nextId());
        assertEquals("True QuorumConfirmed", condition("Quorate"));
        pass();
        assertNull(start().getData().get("HOLDFAST_MEMBERS"));
        assertEquals(
                "orders-voter-1-0.orders-peers.shop.svc:7101", start().getData().get("HOLDFAST_JOIN"));
        pass();
        assertEquals(2, status().nextId());
        assertEquals(
                "1795276800123",
                admin.persistentVolumeClaims()
                        .inNamespace("shop")
                        .withName("orders-voter-1")
                        .get()
                        .getMetadata()
                        .getLabels()
                        .get("holdfast.dev/generation"));
        pass();
        assertEquals(3, status().nextId());
        assertEquals(2, sets().size());
        assertEquals(1, status().members().size());
        assertTrue(status().members().get(0).inStep());
    }

    // keycloak 38846, openshift/hive 2943
    @Test
    void aSecondPassOverTheSameWritesNothing() throws InterruptedException {
        pass();
        podOf(1, false);
        pass();
        long writes = server.traffic().writesBy(AGENT);
        pass();
        assertEquals(
                writes, server.traffic().writesBy(AGENT), () -> server.traffic().toString());
    }

    @Test
    void anObjectOfAnotherWithANameThatIsNeededIsNamed() throws InterruptedException {
        admin.resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withNamespace("shop")
                        .withName("orders-rw")
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .build())
                .create();
        pass();
        assertEquals("False Blocked", condition("Progressing"));
        assertTrue(events().contains("Blocked"), events().toString());
        assertNull(start());
        assertEquals(List.of(), sets());
    }

    @Test
    void aNetworkPolicyOfAnotherIsNotTakenOver() throws InterruptedException {
        admin.resource(new NetworkPolicyBuilder()
                        .withNewMetadata()
                        .withNamespace("shop")
                        .withName("orders")
                        .endMetadata()
                        .withNewSpec()
                        .withNewPodSelector()
                        .endPodSelector()
                        .endSpec()
                        .build())
                .create();
        merge("{\"spec\":{\"networkPolicy\":{\"enabled\":true}}}");
        pass();
        assertEquals("False Blocked", condition("Progressing"));
        assertNull(admin.network()
                .networkPolicies()
                .inNamespace("shop")
                .withName("orders")
                .get()
                .getMetadata()
                .getLabels()
                .get("app.kubernetes.io/managed-by"));
        assertNull(start());
        merge("{\"spec\":{\"networkPolicy\":{\"enabled\":false}}}");
        pass();
        assertNotNull(start(), "the name is not needed");
    }

    @Test
    void claimsGoWithTheirClusterOrStayAsItIsSaidNow() throws InterruptedException {
        pass();
        assertEquals(List.of(), owners());
        merge("{\"spec\":{\"storage\":{\"whenDeleted\":\"Delete\"}}}");
        pass();
        assertEquals(
                List.of(admin.resources(LockCluster.class)
                        .inNamespace("shop")
                        .withName("orders")
                        .get()
                        .getMetadata()
                        .getUid()),
                owners());
        merge("{\"spec\":{\"storage\":{\"whenDeleted\":\"Retain\"}}}");
        pass();
        assertEquals(List.of(), owners());
    }

    private List<String> owners() {
        return admin
                .persistentVolumeClaims()
                .inNamespace("shop")
                .withName("orders-voter-1")
                .get()
                .getMetadata()
                .getOwnerReferences()
                .stream()
                .map(OwnerReference::getUid)
                .toList();
    }

    private void merge(String patch) {
        admin.resources(LockCluster.class)
                .inNamespace("shop")
                .withName("orders")
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    @Test
    void aPausedClusterHasAStatusAndNoMore() throws InterruptedException {
        annotate("paused", "true");
        Duration next = pass();
        assertEquals(Duration.ofSeconds(30), next);
        assertEquals("False Paused", condition("Progressing"));
        assertNull(start());
    }

    @Test
    void aFlagThatCannotBeReadHoldsTheOperatorBackAndIsNamed() throws InterruptedException {
        annotate("paused", "yes");
        pass();
        assertEquals("False Paused", condition("Progressing"));
        assertTrue(events().contains("BadAnnotation"), events().toString());
    }

    @Test
    void aDryRunSaysWhatItWouldDo() throws InterruptedException {
        annotate("dry-run", "true");
        pass();
        assertEquals("Found", status().plan().get(0).action());
        assertNull(start());
        annotate("dry-run", "false");
        pass();
        assertEquals(List.of(), status().plan());
        assertNotNull(start());
    }

    @Test
    void aClusterThatIsGoneIsNotPassedOver() throws InterruptedException {
        assertEquals(Optional.empty(), pass.pass("shop", "other"));
    }

    @Test
    void withoutTheApiServerNothingIsDone() {
        server.defects().down(true);
        assertThrows(KubernetesClientException.class, this::pass);
    }

    @Test
    void aStubThatLeadsWithoutAQuorumIsNotObeyed() throws InterruptedException {
        pass();
        podOf(1, true);
        service.on(
                "GET /v1/cluster",
                StubService.json(
                        200, StubService.cluster("shop.orders", 1, 1, StubService.member(1, "voter", "leader"))));
        service.on("PATCH /v1/cluster/members/1", StubService.problem(ProblemType.NO_LEADER, "there is none"));
        pass();
        assertEquals("False NoQuorum", condition("Quorate"));
        assertNull(status().generation());
    }

    @Test
    void aSpecificationThatCannotBeCarriedOutIsNamed() throws InterruptedException {
        admin.resources(LockCluster.class)
                .inNamespace("shop")
                .withName("orders")
                .edit(cluster -> {
                    cluster.getMetadata().setAnnotations(Map.of());
                    return cluster;
                });
        merge("{\"spec\":{\"config\":{\"holdfast.no-such\":\"1\"}}}");
        pass();
        assertEquals("False Blocked", condition("Progressing"));
        assertNull(start());
        assertTrue(events().contains("Blocked"), events().toString());
    }

    @Test
    void metricsShowTheCluster() throws InterruptedException {
        pass();
        assertEquals(
                0.0,
                registry.get("holdfast.operator.condition")
                        .tags("cluster", "orders", "type", "Quorate")
                        .gauge()
                        .value());
        assertEquals(
                0.0,
                registry.get("holdfast.operator.initialized")
                        .tags("cluster", "orders")
                        .gauge()
                        .value(),
                "a cluster that is founded has no quorum to miss");
        assertEquals(
                1.0,
                registry.get("holdfast.operator.actions")
                        .tags("action", "Found")
                        .counter()
                        .count());
    }
}
