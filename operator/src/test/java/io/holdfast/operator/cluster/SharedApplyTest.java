package io.holdfast.operator.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.holdfast.operator.act.Outcome;
import io.holdfast.operator.act.Writes;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockObservers;
import io.holdfast.operator.desired.ObserverSet;
import io.holdfast.operator.look.Complaint;
import io.holdfast.operator.look.LiveObjects;
import io.holdfast.operator.look.Looker;
import io.holdfast.operator.look.ServiceCalls;
import io.holdfast.operator.paper.api.ApiServer;
import io.holdfast.operator.paper.api.Setup;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What of a cluster's objects is applied and what goes, on an API server without controllers. */
class SharedApplyTest {

    private final ApiServer server = ApiServer.start();
    private final KubernetesClient client = server.client("operator");
    private final LiveObjects live = new LiveObjects(client, 100, 1000);
    private final ServiceCalls calls = new ServiceCalls(1, Duration.ofSeconds(2), Duration.ofSeconds(2));
    private final List<Complaint> complaints = new ArrayList<>();
    private final SharedApply apply = new SharedApply(client, new Writes(client, live));

    @BeforeEach
    void cluster() throws IOException {
        Setup.shop(client);
        client.resource(read(LockCluster.class, """
                        apiVersion: holdfast.dev/v1alpha1
                        kind: LockCluster
                        metadata: {name: orders, namespace: shop}
                        spec: {voters: 3, image: "holdfast:1", storage: {size: 1Gi}}
                        """)).create();
    }

    @AfterEach
    void stop() {
        calls.close();
        client.close();
        server.close();
    }

    private <T> T read(Class<T> kind, String text) {
        return client.getKubernetesSerialization().unmarshal(text, kind);
    }

    private LockObservers observers() {
        return read(LockObservers.class, """
                apiVersion: holdfast.dev/v1alpha1
                kind: LockObservers
                metadata: {name: readers, namespace: shop}
                spec: {clusterRef: orders, replicas: 1}
                """);
    }

    private Outcome applied() throws InterruptedException {
        complaints.clear();
        return apply.apply(
                new Looker(live, calls, Clock.systemUTC())
                        .look("shop", "orders", cluster -> true)
                        .orElseThrow(),
                complaints);
    }

    private StatefulSet set() {
        return client.apps()
                .statefulSets()
                .inNamespace("shop")
                .withName("readers")
                .get();
    }

    private void makeSet(int replicas) {
        LockCluster cluster = client.resources(LockCluster.class)
                .inNamespace("shop")
                .withName("orders")
                .get();
        client.resource(ObserverSet.of(cluster, observers(), 10_001, replicas)).create();
    }

    @Test
    void observersThatAreGoneGiveTheirNameFree() throws InterruptedException {
        makeSet(0);
        assertEquals(Outcome.NOTHING, applied());
        assertNull(set());
    }

    @Test
    void observersThatStillGoKeepTheirName() throws InterruptedException {
        makeSet(1);
        assertEquals(Outcome.NOTHING, applied());
        assertNotNull(set());
    }

    private void monitors() {
        client.resource(client.getKubernetesSerialization().unmarshal("""
                        apiVersion: apiextensions.k8s.io/v1
                        kind: CustomResourceDefinition
                        metadata: {name: servicemonitors.monitoring.coreos.com}
                        spec:
                          group: monitoring.coreos.com
                          scope: Namespaced
                          names: {plural: servicemonitors, singular: servicemonitor, kind: ServiceMonitor}
                          versions:
                          - name: v1
                            served: true
                            storage: true
                            schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object,
                              x-kubernetes-preserve-unknown-fields: true}}}}
                        """, CustomResourceDefinition.class))
                .create();
    }

    private void wantsMonitor(boolean wanted) {
        client.resources(LockCluster.class)
                .inNamespace("shop")
                .withName("orders")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\":{\"services\":{\"serviceMonitor\":" + wanted + "}}}");
    }

    private boolean isMonitored() {
        return client.genericKubernetesResources("monitoring.coreos.com/v1", "ServiceMonitor")
                        .inNamespace("shop")
                        .withName("orders")
                        .get()
                != null;
    }

    private Map<String, String> ofPeers() {
        return client.services()
                .inNamespace("shop")
                .withName("orders-peers")
                .get()
                .getMetadata()
                .getAnnotations();
    }

    @Test
    void aServiceMonitorIsMadeWhereItsKindExistsAndGoesWhenItIsNotWanted() throws InterruptedException {
        wantsMonitor(true);
        assertEquals(Outcome.NOTHING, applied());
        assertEquals(List.of(), complaints);
        monitors();
        applied();
        assertTrue(isMonitored(), complaints.toString());
        wantsMonitor(false);
        assertTrue(ofPeers().containsKey(MonitorApply.MONITORED));
        applied();
        assertFalse(isMonitored());
        assertFalse(ofPeers().containsKey(MonitorApply.MONITORED));
        long before = server.traffic().writesBy("operator");
        applied();
        assertEquals(before, server.traffic().writesBy("operator"));
    }

    @Test
    void aMissingRightForServiceMonitorsIsSaidAndStopsNothing() throws InterruptedException {
        monitors();
        wantsMonitor(true);
        try (KubernetesClient limited = server.client("limited")) {
            server.rights()
                    .grant(
                            "limited",
                            null,
                            limited.getKubernetesSerialization()
                                    .convertValue(
                                            Map.of(
                                                    "rules",
                                                    List.of(Map.of(
                                                            "apiGroups",
                                                            List.of(
                                                                    "",
                                                                    "apps",
                                                                    "policy",
                                                                    "networking.k8s.io",
                                                                    "holdfast.dev"),
                                                            "resources",
                                                            List.of(
                                                                    "lockclusters",
                                                                    "lockobservers",
                                                                    "statefulsets",
                                                                    "pods",
                                                                    "services",
                                                                    "configmaps",
                                                                    "persistentvolumeclaims",
                                                                    "poddisruptionbudgets",
                                                                    "networkpolicies"),
                                                            "verbs",
                                                            List.of("get", "list", "patch", "delete")))),
                                            JsonNode.class));
            LiveObjects seen = new LiveObjects(limited, 100, 1000);
            Outcome outcome = new SharedApply(limited, new Writes(limited, seen))
                    .apply(
                            new Looker(seen, calls, Clock.systemUTC())
                                    .look("shop", "orders", cluster -> true)
                                    .orElseThrow(),
                            complaints);
            assertEquals(Outcome.NOTHING, outcome);
        }
        assertNotNull(ofPeers());
        assertEquals(1, complaints.size());
        assertEquals(Complaint.MISSING_RIGHT, complaints.get(0).reason());
        assertTrue(complaints.get(0).text().startsWith("the API server refuses ServiceMonitor orders"));
        applied();
        assertTrue(isMonitored());
    }

    @Test
    void observersOfWhichNoneIsWantedNowKeepTheirName() throws InterruptedException {
        client.resource(observers()).create();
        makeSet(0);
        assertEquals(Outcome.NOTHING, applied());
        assertNotNull(set());
    }
}
