package io.holdfast.operator.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.paper.api.ApiServer;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LockClusterReconcilerTest {

    private static LockCluster named(Map<String, String> annotations, long generation) {
        LockCluster cluster = new LockCluster();
        cluster.setMetadata(new ObjectMetaBuilder()
                .withNamespace("shop")
                .withName("orders")
                .withGeneration(generation)
                .withAnnotations(annotations)
                .build());
        return cluster;
    }

    @Test
    void anApiServerThatIsAwayIsAskedLessAndLessOften() {
        ApiServer server = ApiServer.start();
        try (KubernetesClient client = server.client("operator");
                TestOperator operator = new TestOperator(client)) {
            server.defects().down(true);
            List<Long> delays = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                delays.add(operator.reconciler()
                        .reconcile(named(Map.of(), 1), null)
                        .getScheduleDelay()
                        .orElseThrow());
            }
            assertEquals(List.of(1000L, 2000L, 2000L, 2000L), delays);
            server.defects().down(false);
        } finally {
            server.close();
        }
    }

    @Test
    void whatNothingForesawDoesNotEndTheLooksAtACluster() {
        ApiServer server = ApiServer.start();
        try (KubernetesClient client = server.client("operator");
                TestOperator operator = new TestOperator(client)) {
            LockCluster nowhere = named(Map.of(), 1);
            nowhere.getMetadata().setNamespace(null);
            nowhere.getMetadata().setName("");
            assertTrue(operator.reconciler()
                    .reconcile(nowhere, null)
                    .getScheduleDelay()
                    .isPresent());
        } finally {
            server.close();
        }
    }

    @Test
    void aProcessEndsByItselfOnlyWhenItsLeaseIsLost() {
        AtomicInteger lost = new AtomicInteger();
        LeaderElectionConfiguration election = OperatorBeans.election("this one", lost::incrementAndGet);
        assertFalse(election.isExitOnStopLeading());
        election.getLeaderCallbacks().orElseThrow().onStopLeading();
        assertEquals(1, lost.get());
    }

    @Test
    void whatAPersonChangesIsLookedAtAndWhatTheOperatorWritesIsNot() {
        WantedChanged filter = new WantedChanged();
        LockCluster before = named(Map.of("a", "1"), 1);
        assertFalse(filter.accept(named(Map.of("a", "1"), 1), before));
        assertTrue(filter.accept(named(Map.of("a", "1"), 2), before));
        assertTrue(filter.accept(named(Map.of("a", "2"), 1), before));
    }
}
