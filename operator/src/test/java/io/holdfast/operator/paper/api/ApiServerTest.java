package io.holdfast.operator.paper.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.holdfast.ensemble.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The API server in memory does what a real one does, as a client of Kubernetes sees it. */
class ApiServerTest {

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("operator")
            .withForce(true)
            .build();

    private final ApiServer server = ApiServer.start();
    private final KubernetesClient client = server.client("test");

    @BeforeEach
    void namespace() {
        Setup.namespace(client, "shop");
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void anApplyOwnsItsFieldsAndWritesOnlyWhatDiffers() {
        var first = apply(map(Map.of("a", "1", "b", "1")));
        assertEquals(first, apply(map(Map.of("a", "1", "b", "1"))), "a second apply writes nothing");

        client.configMaps()
                .inNamespace("shop")
                .withName("m")
                .edit(map ->
                        new ConfigMapBuilder(map).addToData("of-another", "x").build());
        var second = apply(map(Map.of("a", "2")));
        assertEquals(Map.of("a", "2", "of-another", "x"), second.getData());
        assertNotEquals(
                first.getMetadata().getResourceVersion(), second.getMetadata().getResourceVersion());
        assertEquals("operator", second.getMetadata().getManagedFields().get(0).getManager());

        var container = apply(set("one", "1")
                .editSpec()
                .editTemplate()
                .editSpec()
                .addNewContainer()
                .withName("two")
                .withImage("i")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build());
        assertEquals(
                2, container.getSpec().getTemplate().getSpec().getContainers().size());
        var less = apply(set("one", "2").build());
        assertEquals(1, less.getSpec().getTemplate().getSpec().getContainers().size());
        assertEquals(2, less.getMetadata().getGeneration());
    }

    @Test
    void writesAreConditional() {
        var map = client.resource(map(Map.of("a", "1"))).create();
        refused(409, () -> client.resource(map(Map.of("a", "2"))).create());
        client.resource(new ConfigMapBuilder(map).addToData("b", "2").build()).update();
        refused(
                409,
                () -> client.resource(
                                new ConfigMapBuilder(map).addToData("c", "3").build())
                        .update());
        refused(
                409,
                () -> apply(new ConfigMapBuilder(map(Map.of("d", "4")))
                        .editMetadata()
                        .withUid("another")
                        .endMetadata()
                        .build()));
        refused(409, () -> delete("/api/v1/namespaces/shop/configmaps/m", "another"));
        delete("/api/v1/namespaces/shop/configmaps/m", map.getMetadata().getUid());
        assertNull(client.resource(map).get());
        refused(
                404,
                () -> delete(
                        "/api/v1/namespaces/shop/configmaps/m",
                        map.getMetadata().getUid()));
    }

    @Test
    void whatNoServerKnowsIsRefused() {
        var misspelt = Serialization.unmarshal(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: shop}\ndatta: {a: '1'}\n",
                GenericKubernetesResource.class);
        refused(400, () -> client.resource(misspelt).create());
        refused(
                404,
                () -> client.configMaps()
                        .inNamespace("nowhere")
                        .resource(map(Map.of()).toBuilder()
                                .editMetadata()
                                .withNamespace("nowhere")
                                .endMetadata()
                                .build())
                        .create());
        var set = client.resource(set("one", "1").build()).create();
        refused(
                422,
                () -> client.resource(new StatefulSetBuilder(set)
                                .editSpec()
                                .withServiceName("other")
                                .endSpec()
                                .build())
                        .update());
    }

    @Test
    void statusSpecAndScaleAreWrittenApart() {
        var set = client.resource(set("one", "1").build()).create();
        assertNull(set.getStatus());
        var mixed = new StatefulSetBuilder(set)
                .editSpec()
                .withReplicas(7)
                .endSpec()
                .withNewStatus()
                .withReplicas(1)
                .endStatus()
                .build();
        var afterStatus = client.resource(mixed).updateStatus();
        assertEquals(1, afterStatus.getSpec().getReplicas());
        assertEquals(1, afterStatus.getStatus().getReplicas());
        assertEquals(1, afterStatus.getMetadata().getGeneration());
        client.apps().statefulSets().inNamespace("shop").withName("one").scale(3);
        var scaled = client.resource(set).get();
        assertEquals(3, scaled.getSpec().getReplicas());
        assertEquals(1, scaled.getStatus().getReplicas());
        assertEquals(2, scaled.getMetadata().getGeneration());
    }

    @Test
    void listsAreSelectedAndCutInPages() {
        for (var i = 0; i < 5; i++) {
            client.resource(map(Map.of()).toBuilder()
                            .editMetadata()
                            .withName("m" + i)
                            .addToLabels("odd", i % 2 == 1 ? "yes" : "no")
                            .endMetadata()
                            .build())
                    .create();
        }
        var maps = client.configMaps().inNamespace("shop");
        assertEquals(2, maps.withLabel("odd", "yes").list().getItems().size());
        assertEquals(3, maps.withLabelIn("odd", "no", "maybe").list().getItems().size());
        assertEquals(1, maps.withField("metadata.name", "m4").list().getItems().size());
        var page = maps.list(new ListOptionsBuilder().withLimit(2L).build());
        assertEquals(2, page.getItems().size());
        var rest = maps.list(new ListOptionsBuilder()
                .withContinue(page.getMetadata().getContinue())
                .build());
        assertEquals(
                List.of("m2", "m3", "m4"),
                rest.getItems().stream().map(m -> m.getMetadata().getName()).toList());
    }

    @Test
    void informersSeeEachChangeAndMayBeLate() throws Exception {
        var seen = new CopyOnWriteArrayList<String>();
        try (var informer = client.configMaps().inNamespace("shop").inform(new Recorder(seen))) {
            var map = client.resource(map(Map.of("a", "1"))).create();
            Eventually.await("added", BOUND, () -> seen.contains("added 1"));
            server.defects().staleCaches(true);
            client.resource(new ConfigMapBuilder(map).withData(Map.of("a", "2")).build())
                    .update();
            assertEquals(
                    "1",
                    client.configMaps()
                            .inNamespace("shop")
                            .list(new ListOptionsBuilder()
                                    .withResourceVersion("0")
                                    .build())
                            .getItems()
                            .get(0)
                            .getData()
                            .get("a"));
            assertEquals("2", client.resource(map).get().getData().get("a"));
            assertFalse(seen.contains("updated 2"));
            server.defects().staleCaches(false);
            Eventually.await("updated", BOUND, () -> seen.contains("updated 2"));
            server.defects().closeWatches();
            client.resource(map).delete();
            Eventually.await("deleted", BOUND, () -> seen.contains("deleted 2"));
            assertTrue(informer.isRunning());
        }
    }

    @Test
    void aPodGoesInTwoStepsAndAFinalizerHoldsAnObject() {
        var pod = client.resource(pod("p")).create();
        client.resource(pod).withGracePeriod(5).delete();
        assertNull(client.resource(pod).get(), "a pod on no node is gone at once");

        var bound = client.resource(pod("q")).create();
        client.bindings()
                .inNamespace("shop")
                .resource(new BindingBuilder()
                        .withNewMetadata()
                        .withName("q")
                        .endMetadata()
                        .withNewTarget()
                        .withKind("Node")
                        .withName("n1")
                        .endTarget()
                        .build())
                .create();
        client.resource(bound).delete();
        assertNotNull(client.resource(bound).get().getMetadata().getDeletionTimestamp());
        client.resource(bound).withGracePeriod(0).delete();
        assertNull(client.resource(bound).get());

        var claim = client.resource(new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withName("c")
                        .withNamespace("shop")
                        .endMetadata()
                        .withNewSpec()
                        .withAccessModes("ReadWriteOnce")
                        .withNewResources()
                        .addToRequests("storage", new Quantity("2Gi"))
                        .endResources()
                        .endSpec()
                        .build())
                .create();
        refused(
                422,
                () -> client.resource(new PersistentVolumeClaimBuilder(claim)
                                .editSpec()
                                .editResources()
                                .addToRequests("storage", new Quantity("1Gi"))
                                .endResources()
                                .endSpec()
                                .build())
                        .update());
        client.resource(claim).delete();
        assertNotNull(client.resource(claim).get().getMetadata().getDeletionTimestamp());
        client.persistentVolumeClaims()
                .inNamespace("shop")
                .withName("c")
                .edit(each -> new PersistentVolumeClaimBuilder(each)
                        .editMetadata()
                        .withFinalizers(List.of())
                        .endMetadata()
                        .build());
        assertNull(client.resource(claim).get());
    }

    @Test
    void aCustomKindHasItsSchemaDefaultsAndScale() {
        client.load(getClass().getResourceAsStream("things.yaml")).create();
        var things = client.genericKubernetesResources(new ResourceDefinitionContext.Builder()
                        .withGroup("example.dev")
                        .withVersion("v1")
                        .withKind("Thing")
                        .withPlural("things")
                        .withNamespaced(true)
                        .build())
                .inNamespace("shop");
        var thing = things.resource(thing("{replicas: 1}")).create();
        assertEquals("green", thing.get("spec", "colour"));
        refused(422, () -> things.resource(thing("{replicas: 1, size: 2}")).update());
        refused(422, () -> things.resource(thing("{replicas: many}")).update());
        refused(422, () -> things.resource(thing("{replicas: 99}")).update());
        refused(422, () -> things.resource(thing("{}")).update());
        things.withName("t").scale(4);
        assertEquals(Integer.valueOf(4), things.withName("t").get().get("spec", "replicas"));
        refused(422, () -> things.withName("t").scale(99));
    }

    @Test
    void aServerThatIsDownAnswersNothingAndGoesOnAfterwards() {
        server.defects().down(true);
        assertThrows(
                KubernetesClientException.class,
                () -> server.client("impatient").configMaps().list());
        server.defects().down(false);
        server.defects().latency(Duration.ofMillis(50));
        var before = System.nanoTime();
        client.configMaps().inNamespace("shop").list();
        assertTrue(System.nanoTime() - before >= 50_000_000);
        assertEquals(
                0, client.configMaps().inNamespace("shop").list().getItems().size());
        assertTrue(server.traffic().by("test") > 2, server.traffic()::toString);
    }

    private <T extends HasMetadata> T apply(T object) {
        return client.resource(object).patch(APPLY, object);
    }

    private void delete(String path, String uid) {
        client.raw(
                path,
                "DELETE",
                Map.of("apiVersion", "v1", "kind", "DeleteOptions", "preconditions", Map.of("uid", uid)));
    }

    private static void refused(int code, Executable request) {
        assertEquals(
                code, assertThrows(KubernetesClientException.class, request).getCode());
    }

    private static ConfigMap map(Map<String, String> data) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName("m")
                .withNamespace("shop")
                .endMetadata()
                .withData(data)
                .build();
    }

    private static StatefulSetBuilder set(String name, String image) {
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("shop")
                .endMetadata()
                .withNewSpec()
                .withServiceName("peers")
                .withReplicas(1)
                .withNewSelector()
                .addToMatchLabels("app", name)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", name)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("one")
                .withImage(image)
                .endContainer()
                .endSpec()
                .endTemplate()
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .endSpec();
    }

    private static Pod pod(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("shop")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("one")
                .withImage("i")
                .endContainer()
                .endSpec()
                .build();
    }

    private static GenericKubernetesResource thing(String spec) {
        return Serialization.unmarshal(
                "apiVersion: example.dev/v1\nkind: Thing\nmetadata: {name: t, namespace: shop}\nspec: " + spec,
                GenericKubernetesResource.class);
    }

    private record Recorder(List<String> seen) implements ResourceEventHandler<ConfigMap> {
        @Override
        public void onAdd(ConfigMap map) {
            seen.add("added " + map.getData().get("a"));
        }

        @Override
        public void onUpdate(ConfigMap before, ConfigMap map) {
            seen.add("updated " + map.getData().get("a"));
        }

        @Override
        public void onDelete(ConfigMap map, boolean unknown) {
            seen.add("deleted " + map.getData().get("a"));
        }
    }
}
