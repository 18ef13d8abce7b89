package io.holdfast.operator.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.desired.VoterSet;
import io.holdfast.operator.look.LiveObjects;
import io.holdfast.operator.look.RolloutReading;
import io.holdfast.operator.paper.api.ApiServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which of several clusters may begin to roll, by the objects of all of them. */
class RollingTurnTest {

    private final ApiServer server = ApiServer.start();
    private final KubernetesClient client = server.client("operator");
    private final LiveObjects live = new LiveObjects(client, 100, 1000);
    private final RollingTurn turn = new RollingTurn(live);

    @BeforeEach
    void twoClusters() throws IOException {
        for (String kind : List.of("lockclusters", "lockobservers")) {
            try (InputStream definition = Files.newInputStream(Path.of("../k8s/crds/holdfast.dev_" + kind + ".yaml"))) {
                client.load(definition).create();
            }
        }
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("shop")
                        .endMetadata()
                        .build())
                .create();
        for (String name : List.of("bank", "orders")) {
            client.resource(client.getKubernetesSerialization().unmarshal("""
                            apiVersion: holdfast.dev/v1alpha1
                            kind: LockCluster
                            metadata: {name: %s, namespace: shop}
                            spec: {voters: 3, image: "holdfast:1", storage: {size: 1Gi}}
                            """.formatted(name), LockCluster.class))
                    .create();
            progress(name, "Converged");
            for (int id = 1; id <= 3; id++) {
                client.resource(VoterSet.of(cluster(name), id)).create();
                template(name, id, "of the release before");
            }
        }
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private LockCluster cluster(String name) {
        return client.resources(LockCluster.class)
                .inNamespace("shop")
                .withName(name)
                .get();
    }

    private void progress(String name, String reason) {
        client.resources(LockCluster.class)
                .inNamespace("shop")
                .withName(name)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), """
                        {"status": {"observedGeneration": 1, "conditions": [{"type": "Progressing", "status": "True",
                         "reason": "%s", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z"}]}}
                        """.formatted(reason));
    }

    private void template(String name, int id, String template) {
        client.apps()
                .statefulSets()
                .inNamespace("shop")
                .withName(name + "-voter-" + id)
                .edit(set -> set.edit()
                        .editSpec()
                        .editTemplate()
                        .editMetadata()
                        .addToAnnotations("holdfast.dev/template", template)
                        .endMetadata()
                        .endTemplate()
                        .endSpec()
                        .build());
    }

    private void annotate(String name, String annotation) {
        client.resources(LockCluster.class).inNamespace("shop").withName(name).edit(cluster -> {
            cluster.getMetadata().setAnnotations(Map.of("holdfast.dev/" + annotation, "true"));
            return cluster;
        });
    }

    /** As one pass asks. */
    private boolean mayBegin(String name) {
        try {
            return turn.take(cluster(name));
        } finally {
            turn.end();
        }
    }

    private static String wanted(LockCluster cluster, int id) {
        return VoterSet.of(cluster, id)
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getAnnotations()
                .get("holdfast.dev/template");
    }

    private void begin(String name) {
        template(name, 3, wanted(cluster(name), 3));
        progress(name, "Rolling");
    }

    @Test
    void oneMayBeginWhenNoOtherHas() {
        assertTrue(mayBegin("orders"));
        progress("bank", "Queued");
        assertTrue(mayBegin("orders"));
        progress("bank", "Repairing");
        assertTrue(mayBegin("orders"), "all of its members are of the release before");
    }

    @Test
    void oneWaitsWhileAnotherIsInTheMiddleWhateverItReports() {
        begin("bank");
        assertTrue(new RolloutReading(live).isBegun(cluster("bank")));
        assertFalse(new RolloutReading(live).isBegun(cluster("orders")));
        for (String reason : List.of("Rolling", "RolloutStuck", "Repairing", "Blocked")) {
            progress("bank", reason);
            assertFalse(mayBegin("orders"), reason);
        }
        template("bank", 1, wanted(cluster("bank"), 1));
        template("bank", 2, wanted(cluster("bank"), 2));
        assertTrue(mayBegin("orders"));
    }

    @Test
    void anotherOperatorKnowsItToo() {
        begin("bank");
        assertFalse(new RollingTurn(live).take(cluster("orders")));
    }

    @Test
    void oneThatIsPausedOrOnlyTriedKeepsNoOtherWaiting() {
        begin("bank");
        annotate("bank", "paused");
        assertTrue(mayBegin("orders"));
        annotate("bank", "dry-run");
        assertTrue(mayBegin("orders"));
    }

    @Test
    void aChangeOfTheSpecificationIsNotHeldBack() {
        begin("bank");
        client.resources(LockCluster.class)
                .inNamespace("shop")
                .withName("orders")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"image\":\"holdfast:2\"}}");
        assertTrue(mayBegin("orders"));
    }

    @Test
    void whileOnePassMayBeginNoOtherMay() throws Exception {
        assertTrue(turn.take(cluster("orders")));
        assertEquals(
                false, CompletableFuture.supplyAsync(() -> mayBegin("bank")).get(60, TimeUnit.SECONDS));
        turn.end();
        assertEquals(true, CompletableFuture.supplyAsync(() -> mayBegin("bank")).get(60, TimeUnit.SECONDS));
    }
}
