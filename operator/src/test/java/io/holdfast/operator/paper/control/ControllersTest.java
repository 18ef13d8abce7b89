package io.holdfast.operator.paper.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.fabric8.kubernetes.api.model.policy.v1.EvictionBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.holdfast.ensemble.Eventually;
import io.holdfast.operator.paper.api.ApiServer;
import io.holdfast.operator.paper.api.Setup;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sets, budgets and owners, with pods that are nothing but objects. */
class ControllersTest {

    private final ApiServer server = ApiServer.start();
    private final Controllers controllers = Controllers.start(server.access());
    private final KubernetesClient client = server.client("test");

    @BeforeEach
    void namespace() {
        Setup.namespace(client, "shop");
    }

    @AfterEach
    void stop() {
        client.close();
        controllers.close();
        server.close();
    }

    @Test
    void aSetMakesItsPodsByNumberAndKeepsThoseOfAnOldTemplate() throws Exception {
        client.resource(set(10001, 2)).create();
        await("two pods", () -> names().equals(List.of("readers-10001", "readers-10002")));
        var old = pod("readers-10001");
        client.apps()
                .statefulSets()
                .inNamespace("shop")
                .withName("readers")
                // Whatever its version is: the controller writes its status meanwhile.
                .patch(
                        PatchContext.of(PatchType.JSON),
                        "[{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/image\",\"value\":\"two\"}]");
        await("the change is seen", () -> {
            var status = status();
            return status != null && Long.valueOf(2).equals(status.getObservedGeneration());
        });
        assertEquals(
                "one", pod("readers-10001").getSpec().getContainers().get(0).getImage());
        client.resource(pod("readers-10001")).withGracePeriod(0).delete();
        await("a new pod", () -> {
            var now = pod("readers-10001");
            return now != null
                    && !now.getMetadata().getUid().equals(old.getMetadata().getUid());
        });
        assertEquals(
                "two", pod("readers-10001").getSpec().getContainers().get(0).getImage());
        assertEquals("10001", pod("readers-10001").getMetadata().getLabels().get("apps.kubernetes.io/pod-index"));

        client.apps().statefulSets().inNamespace("shop").withName("readers").scale(1);
        await("one pod", () -> names().equals(List.of("readers-10001")));
        client.apps().statefulSets().inNamespace("shop").withName("readers").delete();
        await("no pods", () -> names().isEmpty());
    }

    @Test
    void aBudgetLetsAPodGoOnlyWhileEnoughOthersAreReady() throws Exception {
        client.resource(set(0, 2)).create();
        client.resource(new PodDisruptionBudgetBuilder()
                        .withNewMetadata()
                        .withName("readers")
                        .withNamespace("shop")
                        .endMetadata()
                        .withNewSpec()
                        .withNewMinAvailable(1)
                        .withNewSelector()
                        .addToMatchLabels("app", "readers")
                        .endSelector()
                        .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                        .endSpec()
                        .build())
                .create();
        await("two pods", () -> names().size() == 2);
        names().forEach(this::run);
        await("one may go", () -> allowed() == 1);
        assertEquals(409, refused(() -> evict("readers-0", "another")));
        assertEquals(1, allowed(), "a precondition that fails uses nothing up");
        evict("readers-0", uid("readers-0"));
        assertNotNull(pod("readers-0").getMetadata().getDeletionTimestamp());
        await("none may go", () -> allowed() == 0);
        assertEquals(429, refused(() -> evict("readers-1", uid("readers-1"))));
    }

    @Test
    void whatHadAnOwnerGoesWithIt() throws Exception {
        var owner = client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("owner")
                        .withNamespace("shop")
                        .endMetadata()
                        .build())
                .create();
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("owned")
                        .withNamespace("shop")
                        .addNewOwnerReference()
                        .withApiVersion("v1")
                        .withKind("ConfigMap")
                        .withName("owner")
                        .withUid(owner.getMetadata().getUid())
                        .endOwnerReference()
                        .endMetadata()
                        .build())
                .create();
        client.resource(owner).delete();
        await(
                "nothing is left",
                () -> client.configMaps().inNamespace("shop").list().getItems().isEmpty());
    }

    /** As a kubelet would. */
    private void run(String name) {
        client.bindings()
                .inNamespace("shop")
                .resource(new BindingBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withNewTarget()
                        .withKind("Node")
                        .withName("n1")
                        .endTarget()
                        .build())
                .create();
        client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace("shop")
                        .endMetadata()
                        .withNewStatus()
                        .withPhase("Running")
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build())
                .patchStatus();
    }

    private void evict(String pod, String uid) {
        var evicted = client.pods()
                .inNamespace("shop")
                .withName(pod)
                .evict(new EvictionBuilder()
                        .withNewMetadata()
                        .withName(pod)
                        .withNamespace("shop")
                        .endMetadata()
                        .withDeleteOptions(new DeleteOptionsBuilder()
                                .withNewPreconditions(null, uid)
                                .build())
                        .build());
        if (!evicted) {
            throw new KubernetesClientException("the budget forbids it", 429, null);
        }
    }

    private static int refused(Runnable request) {
        return assertThrows(KubernetesClientException.class, request::run).getCode();
    }

    private int allowed() {
        var status = client.policy()
                .v1()
                .podDisruptionBudget()
                .inNamespace("shop")
                .withName("readers")
                .get()
                .getStatus();
        return status == null || status.getDisruptionsAllowed() == null ? 0 : status.getDisruptionsAllowed();
    }

    private StatefulSetStatus status() {
        return client.apps()
                .statefulSets()
                .inNamespace("shop")
                .withName("readers")
                .get()
                .getStatus();
    }

    private Pod pod(String name) {
        return client.pods().inNamespace("shop").withName(name).get();
    }

    private String uid(String name) {
        var pod = pod(name);
        return pod == null ? "" : pod.getMetadata().getUid();
    }

    private List<String> names() {
        return client.pods().inNamespace("shop").list().getItems().stream()
                .map(pod -> pod.getMetadata().getName())
                .toList();
    }

    private static void await(String what, BooleanSupplier condition) throws Exception {
        Eventually.await(what, Duration.ofSeconds(60), condition);
    }

    private static StatefulSet set(int first, int replicas) {
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withName("readers")
                .withNamespace("shop")
                .endMetadata()
                .withNewSpec()
                .withServiceName("orders-peers")
                .withReplicas(replicas)
                .withNewOrdinals(first)
                .withPodManagementPolicy("Parallel")
                .withNewSelector()
                .addToMatchLabels("app", "readers")
                .endSelector()
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "readers")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("one")
                .withImage("one")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }
}
