package io.holdfast.operator.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.holdfast.operator.act.Outcome;
import io.holdfast.operator.act.Writes;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockObservers;
import io.holdfast.operator.desired.ObserverSet;
import io.holdfast.operator.look.LiveObjects;
import io.holdfast.operator.look.Looker;
import io.holdfast.operator.look.ServiceCalls;
import io.holdfast.operator.paper.api.ApiServer;
import io.holdfast.operator.paper.api.Setup;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What of a cluster's objects is applied and what goes, on an API server without controllers. */
class SharedApplyTest {

    private final ApiServer server = ApiServer.start();
    private final KubernetesClient client = server.client("operator");
    private final LiveObjects live = new LiveObjects(client, 100, 1000);
    private final ServiceCalls calls = new ServiceCalls(1, Duration.ofSeconds(2), Duration.ofSeconds(2));
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
        return apply.apply(new Looker(live, calls, Clock.systemUTC())
                .look("shop", "orders", cluster -> true)
                .orElseThrow());
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

    @Test
    void observersOfWhichNoneIsWantedNowKeepTheirName() throws InterruptedException {
        client.resource(observers()).create();
        makeSet(0);
        assertEquals(Outcome.NOTHING, applied());
        assertNotNull(set());
    }
}
