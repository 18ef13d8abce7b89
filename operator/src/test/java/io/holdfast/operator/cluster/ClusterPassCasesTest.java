package io.holdfast.operator.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.holdfast.api.ClusterBody;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockClusterStatus;
import io.holdfast.operator.crd.v1alpha1.LockObservers;
import io.holdfast.operator.desired.StartConfig;
import io.holdfast.operator.desired.VoterClaim;
import io.holdfast.operator.desired.VoterSet;
import io.holdfast.operator.look.StubService;
import io.holdfast.operator.paper.OperatorRights;
import io.holdfast.operator.paper.api.ApiServer;
import io.holdfast.operator.paper.api.Setup;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Passes over a cluster that something keeps from its way, without controllers, and with a stub of a node. */
class ClusterPassCasesTest {

    private final ApiServer server = ApiServer.start();
    private final KubernetesClient admin = server.client("admin");
    private final KubernetesClient client = server.client("operator");
    private final StubService service = new StubService();
    private final ClusterPass pass = new TestOperator(client, service.port(), new SimpleMeterRegistry()).pass();

    @BeforeEach
    void cluster() throws IOException {
        Setup.shop(admin);
        create("orders", "voters: 3");
    }

    private void create(String name, String spec) {
        admin.resources(LockCluster.class)
                .inNamespace("shop")
                .resource(admin.getKubernetesSerialization().unmarshal("""
                        apiVersion: holdfast.dev/v1alpha1
                        kind: LockCluster
                        metadata:
                          name: %s
                          namespace: shop
                        spec: {%s, image: "holdfast:1", storage: {size: 1Gi}}
                        """.formatted(name, spec), LockCluster.class))
                .create();
    }

    private void change(String name, String spec) {
        admin.resources(LockCluster.class)
                .inNamespace("shop")
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":" + spec + "}");
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
        return condition(status(), type);
    }

    private static String condition(LockClusterStatus status, String type) {
        Condition condition = status.conditions().stream()
                .filter(present -> present.getType().equals(type))
                .findFirst()
                .orElseThrow();
        return condition.getStatus() + " " + condition.getReason();
    }

    private StatefulSet set(String name) {
        return admin.apps().statefulSets().inNamespace("shop").withName(name).get();
    }

    private String template(String set) {
        return set(set).getSpec().getTemplate().getMetadata().getAnnotations().get("holdfast.dev/template");
    }

    /** As a StatefulSet is that another release of the operator rendered. */
    private void oldTemplate(String set) {
        admin.apps()
                .statefulSets()
                .inNamespace("shop")
                .withName(set)
                .edit(present -> present.edit()
                        .editSpec()
                        .editTemplate()
                        .editMetadata()
                        .addToAnnotations("holdfast.dev/template", "old")
                        .endMetadata()
                        .endTemplate()
                        .endSpec()
                        .build());
    }

    private List<StatefulSet> sets() {
        return admin.apps().statefulSets().inNamespace("shop").list().getItems();
    }

    /** What the StatefulSet's controller and a kubelet would do. */
    private void podOf(String set, boolean ready, ContainerState state) {
        var template = set(set).getSpec().getTemplate();
        String name = set + "-0";
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
                        .withState(state)
                        .endContainerStatus()
                        .endStatus()
                        .build());
    }

    private void leads(String clusterId, ClusterBody.Member... members) {
        service.on("GET /v1/cluster", StubService.json(200, StubService.cluster(clusterId, 1, 1, members)))
                .on("PATCH /v1/cluster/members/1", StubService.json(200, StubService.change(7)));
    }

    @Test
    void anImageThatIsCorrectedBeforeThereIsAnEnsembleStillRestoresTheBackup() throws InterruptedException {
        create("bank", "voters: 3, bootstrap: {restore: {claim: nfs, path: bank/a.backup}}");
        pass.pass("shop", "bank");
        podOf(
                "bank-voter-1",
                false,
                new ContainerStateBuilder()
                        .withNewWaiting("no such image", "ImagePullBackOff")
                        .build());
        change("bank", "{\"image\":\"holdfast:2\"}");
        pass.pass("shop", "bank");
        var spec = set("bank-voter-1").getSpec().getTemplate().getSpec();
        assertEquals("holdfast:2", spec.getContainers().get(0).getImage());
        assertEquals(
                List.of("restore"),
                spec.getInitContainers().stream().map(Container::getName).toList());
        assertEquals("holdfast:2", spec.getInitContainers().get(0).getImage());
    }

    @Test
    void whatRestoresABackupGoesWhenTheEnsembleIsRecordedAndThePodStays() throws InterruptedException {
        create("bank", "voters: 1, bootstrap: {restore: {claim: nfs, path: bank/a.backup}}");
        pass.pass("shop", "bank");
        podOf("bank-voter-1", true, runs());
        leads("shop.bank", StubService.member(1, "voter", "leader", "bank-voter-1-0.bank-peers.shop.svc:7101"));
        String hash = template("bank-voter-1");
        String pod = admin.pods()
                .inNamespace("shop")
                .withName("bank-voter-1-0")
                .get()
                .getMetadata()
                .getUid();
        // Generation; the start founds nothing any more; the restore goes; its claim gets a label; all voters are
        // there.
        for (int i = 0; i < 6; i++) {
            pass.pass("shop", "bank");
        }
        PodSpec spec = set("bank-voter-1").getSpec().getTemplate().getSpec();
        assertEquals(List.of(), spec.getInitContainers());
        assertEquals(
                List.of("data", "tmp"),
                spec.getVolumes().stream().map(Volume::getName).sorted().toList());
        assertEquals(hash, template("bank-voter-1"));
        assertEquals(
                pod,
                admin.pods()
                        .inNamespace("shop")
                        .withName("bank-voter-1-0")
                        .get()
                        .getMetadata()
                        .getUid());
        assertEquals(
                "1795276800123",
                admin.persistentVolumeClaims()
                        .inNamespace("shop")
                        .withName("bank-voter-1")
                        .get()
                        .getMetadata()
                        .getLabels()
                        .get("holdfast.dev/generation"));
        assertEquals(
                "False Converged",
                condition(
                        admin.resources(LockCluster.class)
                                .inNamespace("shop")
                                .withName("bank")
                                .get()
                                .getStatus(),
                        "Progressing"));
    }

    /** Pods of ours may be reached by an ensemble that is not, and has a quorum of its own. */
    @Test
    void anEnsembleOfAnotherGenerationIsNotCountedByTheBudgetNorInTheStatus() throws InterruptedException {
        pass();
        status("{\"generation\": 5, \"nextId\": 4, \"initialized\": true, \"members\": ["
                + "{\"id\": 1, \"role\": \"voter\"}, {\"id\": 2, \"role\": \"voter\"},"
                + " {\"id\": 3, \"role\": \"voter\"}]}");
        podOf("orders-voter-1", true, runs());
        leads("shop.orders", StubService.member(1, "voter", "leader"));
        pass();
        assertEquals(
                2,
                admin.policy()
                        .v1()
                        .podDisruptionBudget()
                        .inNamespace("shop")
                        .withName("orders")
                        .get()
                        .getSpec()
                        .getMinAvailable()
                        .getIntVal());
        assertEquals("False Contradiction", condition("Quorate"));
        assertEquals(3, status().members().size());
        assertNull(status().leader());
    }

    @Test
    void aVoterComesBackAsTheOthersWereMadeWhileTheSpecificationCannotBeCarriedOut() throws InterruptedException {
        status("{\"observedGeneration\": 1, \"generation\": 1795276800123, \"nextId\": 4, \"initialized\": true}");
        LockCluster cluster = admin.resources(LockCluster.class)
                .inNamespace("shop")
                .withName("orders")
                .get();
        admin.resource(StartConfig.joining(cluster, List.of(1, 2, 3))).create();
        for (int id = 1; id <= 3; id++) {
            admin.resource(VoterClaim.of(cluster, id, 1_795_276_800_123L)).create();
            admin.resource(VoterSet.of(cluster, id)).create();
        }
        podOf("orders-voter-1", true, runs());
        leads(
                "shop.orders",
                StubService.member(1, "voter", "leader"),
                StubService.member(2, "voter", "follower"),
                StubService.member(3, "voter", "follower"));
        StatefulSet before = set("orders-voter-3");
        change("orders", "{\"config\":{\"holdfast.no-such\":\"1\"}}");
        admin.resource(before).delete();
        pass();
        StatefulSet made = set("orders-voter-3");
        assertEquals(before.getSpec().getTemplate(), made.getSpec().getTemplate());
        assertEquals(before.getSpec().getSelector(), made.getSpec().getSelector());
        String blocked = progressing();
        assertTrue(blocked.startsWith("False Blocked spec.config: holdfast.no-such is no setting"), blocked);
        assertTrue(blocked.endsWith("; meanwhile: the StatefulSet of voter 3 is gone"), blocked);
        assertEquals(
                2,
                admin.policy()
                        .v1()
                        .podDisruptionBudget()
                        .inNamespace("shop")
                        .withName("orders")
                        .get()
                        .getSpec()
                        .getMinAvailable()
                        .getIntVal());
        change("orders", "{\"config\":null}");
        pass();
        assertEquals("True VoterAway", condition("Degraded"));
        assertEquals("True Repairing", condition("Progressing"));
    }

    private String progressing() {
        return status().conditions().stream()
                .filter(present -> present.getType().equals("Progressing"))
                .map(present -> present.getStatus() + " " + present.getReason() + " " + present.getMessage())
                .findFirst()
                .orElseThrow();
    }

    private static ContainerState runs() {
        return new ContainerStateBuilder().withNewRunning().endRunning().build();
    }

    private void status(String status) {
        admin.resources(LockCluster.class)
                .inNamespace("shop")
                .withName("orders")
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":" + status + "}");
    }

    @Test
    void aPausedClusterKeepsNoOtherFromRolling() throws InterruptedException {
        pass();
        oldTemplate("orders-voter-1");
        annotate("paused", "true");
        pass();
        create("bank", "voters: 1");
        pass.pass("shop", "bank");
        podOf(
                "bank-voter-1",
                true,
                new ContainerStateBuilder().withNewRunning().endRunning().build());
        leads("shop.bank", StubService.member(1, "voter", "leader", "bank-voter-1-0.bank-peers.shop.svc:7101"));
        LockClusterStatus bank = null;
        for (int i = 0;
                i < 10 && (bank == null || !condition(bank, "Progressing").equals("False Converged"));
                i++) {
            pass.pass("shop", "bank");
            bank = admin.resources(LockCluster.class)
                    .inNamespace("shop")
                    .withName("bank")
                    .get()
                    .getStatus();
        }
        String wanted = template("bank-voter-1");
        oldTemplate("bank-voter-1");
        pass();
        pass.pass("shop", "bank");
        assertEquals(wanted, template("bank-voter-1"));
        assertEquals("old", template("orders-voter-1"));
    }

    @Test
    void observersThatCannotBeCarriedOutAreNamedAndVotersDoNotWaitForThem() throws InterruptedException {
        admin.resources(LockObservers.class)
                .inNamespace("shop")
                .resource(admin.getKubernetesSerialization().unmarshal("""
                        apiVersion: holdfast.dev/v1alpha1
                        kind: LockObservers
                        metadata: {name: readers, namespace: shop}
                        spec: {clusterRef: orders, replicas: 1, podTemplate: {spec: {hostname: x}}}
                        """, LockObservers.class))
                .create();
        pass();
        assertEquals("True Founding", condition("Progressing"));
        assertEquals(1, sets().size());
        String named = admin.v1().events().inNamespace("shop").list().getItems().stream()
                .filter(event -> event.getReason().equals("Blocked"))
                .map(Event::getMessage)
                .findFirst()
                .orElseThrow();
        assertTrue(named.startsWith("LockObservers readers: spec.podTemplate.spec.hostname: "), named);
    }

    private List<String> blocked() {
        return admin.v1().events().inNamespace("shop").list().getItems().stream()
                .filter(event -> event.getReason().equals("Blocked"))
                .map(Event::getMessage)
                .toList();
    }

    @Test
    void withoutTheRightToReadSecretsAClusterWithTlsIsBlockedAndSaysWhatIsMissing() throws InterruptedException {
        OperatorRights.ofAllNamespaces().forEach(role -> server.rights().grant("operator", null, role));
        change("orders", "{\"tls\":{\"generated\":{}}}");
        pass();
        assertTrue(
                status().conditions().stream()
                        .anyMatch(condition -> condition
                                .getMessage()
                                .contains("the operator may not read Secrets: apply k8s/components/tls")),
                status().conditions().toString());
        assertEquals(0, sets().size());
    }

    @Test
    void observersWithoutASecretForTheirCertificatesAreNamedAndVotersDoNotWaitForThem() throws InterruptedException {
        change("orders", "{\"tls\":{\"secrets\":{\"voters\":\"given\"}}}");
        var readers = admin.resources(LockObservers.class).inNamespace("shop").withName("readers");
        admin.resources(LockObservers.class)
                .inNamespace("shop")
                .resource(admin.getKubernetesSerialization().unmarshal("""
                        apiVersion: holdfast.dev/v1alpha1
                        kind: LockObservers
                        metadata: {name: readers, namespace: shop}
                        spec: {clusterRef: orders, replicas: 1}
                        """, LockObservers.class))
                .create();
        readers.subresource("status").patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":{\"firstId\":10001}}");
        pass();
        assertEquals("True Founding", condition("Progressing"));
        assertTrue(
                blocked().stream().anyMatch(text -> text.startsWith("spec.tls.secrets.observers: ")),
                blocked().toString());
    }
}
