package io.holdfast.operator.act;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.holdfast.operator.look.LiveObjects;
import io.holdfast.operator.paper.api.ApiServer;
import io.holdfast.operator.paper.api.Setup;
import io.holdfast.operator.plan.Look;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WritesTest {

    private static final Map<String, String> OURS = Map.of("app.kubernetes.io/managed-by", "holdfast-operator");

    private final ApiServer server = ApiServer.start();
    private final KubernetesClient client = server.client("operator");
    private final Writes writes = new Writes(client, new LiveObjects(client, 100, 1000));

    @BeforeEach
    void namespace() {
        Setup.namespace(client, "shop");
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private static ConfigMap map(String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("m")
                .withLabels(OURS)
                .endMetadata()
                .addToData("a", value)
                .build();
    }

    private ConfigMap present() {
        return client.configMaps().inNamespace("shop").withName("m").get();
    }

    private static boolean ours(HasMetadata object) {
        return OURS.equals(object.getMetadata().getLabels());
    }

    private static Look.Version version(HasMetadata object) {
        return Site.version(object);
    }

    @Test
    void whatExistsIsNeitherCreatedAgainNorChanged() {
        assertEquals(Outcome.DONE, writes.create(map("1"), WritesTest::ours));
        assertEquals(Outcome.NOTHING, writes.create(map("2"), WritesTest::ours));
        assertEquals("1", present().getData().get("a"));
    }

    @Test
    void anObjectOfAnotherIsLeftAloneAndNamed() {
        client.resource(new ConfigMapBuilder(map("theirs"))
                        .editMetadata()
                        .withLabels(Map.of())
                        .endMetadata()
                        .build())
                .create();
        Outcome outcome = writes.create(map("1"), WritesTest::ours);
        assertEquals(Outcome.Kind.BLOCKED, outcome.kind());
        assertEquals("ConfigMap m exists and is not this cluster's: rename or delete it", outcome.says());
        assertEquals("theirs", present().getData().get("a"));
    }

    @Test
    void aPatchOfAnotherVersionDoesNothing() {
        client.resource(map("1")).create();
        Look.Version seen = version(present());
        client.resource(map("2")).update();
        Outcome outcome = writes.patch(ConfigMap.class, "shop", seen, new JsonPatch(seen).set("/data/a", "3"));
        assertEquals(Outcome.Kind.STALE, outcome.kind(), outcome.says());
        assertEquals("2", present().getData().get("a"));
        Look.Version now = version(present());
        assertEquals(Outcome.DONE, writes.patch(ConfigMap.class, "shop", now, new JsonPatch(now).set("/data/a", "3")));
        assertEquals("3", present().getData().get("a"));
    }

    @Test
    void aPatchOfAnObjectThatWasMadeAgainDoesNothing() {
        client.resource(map("1")).create();
        Look.Version seen = version(present());
        client.resource(map("1")).delete();
        assertEquals(
                Outcome.Kind.STALE,
                writes.patch(ConfigMap.class, "shop", seen, new JsonPatch(seen).set("/data/a", "3"))
                        .kind());
        client.resource(map("1")).create();
        assertEquals(
                Outcome.Kind.STALE,
                writes.patch(ConfigMap.class, "shop", seen, new JsonPatch(seen).set("/data/a", "3"))
                        .kind());
        assertEquals("1", present().getData().get("a"));
    }

    @Test
    void aMarkIsSetWithOrWithoutOthers() {
        client.resource(map("1")).create();
        Look.Version seen = version(present());
        assertNull(present().getMetadata().getAnnotations().get("holdfast.dev/leaving"));
        writes.patch(
                ConfigMap.class,
                "shop",
                seen,
                new JsonPatch(seen).setMetadata("annotations", true, "holdfast.dev/leaving", "true"));
        Look.Version now = version(present());
        writes.patch(
                ConfigMap.class,
                "shop",
                now,
                new JsonPatch(now).setMetadata("annotations", false, "holdfast.dev/other", "x"));
        assertEquals(
                Map.of("holdfast.dev/leaving", "true", "holdfast.dev/other", "x"),
                present().getMetadata().getAnnotations());
    }

    @Test
    void onlyTheObjectThatWasSeenIsDeleted() {
        client.resource(map("1")).create();
        Look.Version seen = version(present());
        client.resource(map("2")).update();
        assertEquals(
                Outcome.Kind.STALE, writes.delete(ConfigMap.class, "shop", seen).kind());
        assertNotNull(present());
        assertEquals(Outcome.DONE, writes.delete(ConfigMap.class, "shop", version(present())));
        assertNull(present());
        assertEquals(Outcome.NOTHING, writes.delete(ConfigMap.class, "shop", seen));
    }

    private Pod pod() {
        return client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace("shop")
                        .withName("p")
                        .withLabels(OURS)
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("holdfast")
                        .withImage("holdfast:1")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }

    @Test
    void onlyThePodThatWasSeenIsEvicted() {
        Pod first = pod();
        client.pods().inNamespace("shop").withName("p").withGracePeriod(0).delete();
        Pod second = pod();
        assertEquals(Outcome.Kind.STALE, writes.evict("shop", version(first)).kind());
        assertNull(client.pods()
                .inNamespace("shop")
                .withName("p")
                .get()
                .getMetadata()
                .getDeletionTimestamp());
        assertEquals(Outcome.DONE, writes.evict("shop", version(second)));
    }

    @Test
    void aBudgetThatSaysNoIsAWait() {
        Pod pod = pod();
        runs();
        budget("orders");
        Outcome outcome = writes.evict("shop", version(pod));
        assertEquals(Outcome.Kind.WAIT, outcome.kind(), outcome.says());
        assertTrue(outcome.says().contains("pod p"), outcome.says());
        assertEquals(Outcome.NOTHING, writes.evict("shop", new Look.Version("gone", "u", "1")));
    }

    @Test
    void twoBudgetsForOnePodAreAWaitThatSaysSo() {
        Pod pod = pod();
        runs();
        budget("orders");
        budget("of-an-admin");
        Outcome outcome = writes.evict("shop", version(pod));
        assertEquals(Outcome.Kind.WAIT, outcome.kind(), outcome.says());
        assertTrue(outcome.says().contains("more than one PodDisruptionBudget"), outcome.says());
    }

    private void runs() {
        client.pods()
                .inNamespace("shop")
                .withName("p")
                .editStatus(running -> new PodBuilder(running)
                        .withNewStatus()
                        .withPhase("Running")
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build());
    }

    private void budget(String name) {
        client.resource(new PodDisruptionBudgetBuilder()
                        .withNewMetadata()
                        .withNamespace("shop")
                        .withName(name)
                        .endMetadata()
                        .withNewSpec()
                        .withNewMinAvailable(1)
                        .withNewSelector()
                        .withMatchLabels(OURS)
                        .endSelector()
                        .endSpec()
                        .build())
                .create();
    }

    @Test
    void whatIsInvalidIsSaidInTheWordsOfTheApiServer() {
        StatefulSet set = client.resource(new StatefulSetBuilder()
                        .withNewMetadata()
                        .withNamespace("shop")
                        .withName("orders-voter-1")
                        .endMetadata()
                        .withNewSpec()
                        .withServiceName("orders-peers")
                        .withNewUpdateStrategy()
                        .withType("OnDelete")
                        .endUpdateStrategy()
                        .withNewSelector()
                        .withMatchLabels(OURS)
                        .endSelector()
                        .withNewTemplate()
                        .withNewMetadata()
                        .withLabels(OURS)
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("holdfast")
                        .withImage("holdfast:1")
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build())
                .create();
        Look.Version seen = version(set);
        Outcome outcome =
                writes.patch(StatefulSet.class, "shop", seen, new JsonPatch(seen).set("/spec/serviceName", "x"));
        assertEquals(Outcome.Kind.BLOCKED, outcome.kind(), outcome.says());
        assertTrue(outcome.says().startsWith("the API server refuses StatefulSet orders-voter-1: "), outcome.says());
    }

    @Test
    void anApiServerThatIsDownIsNoOutcome() {
        client.resource(map("1")).create();
        Look.Version seen = version(present());
        server.defects().down(true);
        assertThrows(KubernetesClientException.class, () -> writes.create(map("1"), WritesTest::ours));
        assertThrows(KubernetesClientException.class, () -> writes.delete(ConfigMap.class, "shop", seen));
    }
}
