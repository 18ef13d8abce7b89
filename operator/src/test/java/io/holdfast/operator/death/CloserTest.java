package io.holdfast.operator.death;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which sessions are closed, by what was read live, and how often it is tried. */
class CloserTest {

    private static final String UID = "7d1c2f6e-0000-4000-8000-000000000001";

    private final Map<String, Pod> pods = new HashMap<>();
    private final Map<String, Node> nodes = new HashMap<>();
    private final List<String> ended = new ArrayList<>();
    private boolean fails;
    private long now;
    private long closed;

    private final Closer closer = new Closer(
            new Closer.Cluster() {
                @Override
                public @Nullable Pod pod(String namespace, String name) {
                    return pods.get(namespace + "/" + name);
                }

                @Override
                public @Nullable Node node(String name) {
                    return nodes.get(name);
                }
            },
            (cluster, uid) -> {
                ended.add(cluster + " " + uid);
                if (fails) {
                    throw new IOException("no answer");
                }
                return 1;
            },
            Optional.empty(),
            count -> closed += count,
            () -> now);

    private static PodBuilder pod(boolean terminated) {
        PodBuilder pod = new PodBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("web-0")
                .withUid(UID)
                .addToAnnotations("holdfast.dev/cluster", "shop/orders")
                .endMetadata()
                .withNewSpec()
                .withNodeName("n1")
                .withRestartPolicy("Never")
                .addNewContainer()
                .withName("web")
                .endContainer()
                .endSpec();
        var state = pod.withNewStatus()
                .withPhase("Running")
                .addNewContainerStatus()
                .withName("web")
                .withNewState();
        return terminated
                ? state.withNewTerminated()
                        .withExitCode(137)
                        .withReason("Error")
                        .withStartedAt("2026-11-29T10:00:00Z")
                        .withFinishedAt("2026-11-29T12:00:05Z")
                        .endTerminated()
                        .endState()
                        .endContainerStatus()
                        .endStatus()
                : state.withNewRunning("2026-11-29T10:00:00Z")
                        .endState()
                        .endContainerStatus()
                        .endStatus();
    }

    private void live(Pod pod) {
        pods.put("shop/web-0", pod);
    }

    private void drain() throws InterruptedException {
        while (closer.next()) {
            // The next one.
        }
    }

    @Test
    void theSessionsOfADeadPodAreClosedOnce() throws InterruptedException {
        Pod dead = pod(true).build();
        live(dead);
        closer.offer(dead);
        closer.offer(dead);
        drain();
        closer.offer(dead);
        drain();
        assertEquals(List.of("http://orders-rw.shop.svc:7100 " + UID), ended);
        assertEquals(1, closed);
    }

    @Test
    void whatIsReadNowCountsAndNotWhatTheWatchDelivered() throws InterruptedException {
        live(pod(false).build());
        closer.offer(pod(true).build());
        drain();
        assertEquals(List.of(), ended);
    }

    @Test
    void aPodOfTheSameNameIsAnotherOne() throws InterruptedException {
        live(pod(true).editMetadata().withUid("another-uid").endMetadata().build());
        closer.offer(pod(false).build());
        drain();
        assertEquals(List.of(), ended);
    }

    @Test
    void aPodThatIsGoneIsDeadOnlyIfItWasSeenTerminated() throws InterruptedException {
        closer.offer(pod(false).build());
        drain();
        assertEquals(List.of(), ended, "deleted by force: it may run");
        closer.offer(pod(true).build());
        drain();
        assertEquals(1, ended.size());
    }

    @Test
    void aNodeOutOfServiceIsReadAgain() throws InterruptedException {
        live(pod(false).build());
        closer.offer(pod(false).build());
        drain();
        assertEquals(List.of(), ended, "there is no such node");
        nodes.put(
                "n1",
                new NodeBuilder()
                        .withNewMetadata()
                        .withName("n1")
                        .endMetadata()
                        .withNewSpec()
                        .addNewTaint()
                        .withKey(ProofOfDeath.OUT_OF_SERVICE)
                        .endTaint()
                        .endSpec()
                        .build());
        closer.offer(pod(false).build());
        drain();
        assertEquals(1, ended.size());
    }

    @Test
    void aClusterThatDoesNotAnswerIsAskedAgainLaterAndNotForEver() throws InterruptedException {
        fails = true;
        Pod dead = pod(true).build();
        live(dead);
        closer.offer(dead);
        drain();
        assertEquals(1, ended.size());
        assertFalse(closer.next(), "not before its pause is over");
        for (int i = 0; i < 20; i++) {
            now += 60_000;
            drain();
        }
        assertEquals(Closer.ATTEMPTS_MAX, ended.size());
        assertEquals(0, closed);
    }

    @Test
    void aPodThatNamesNoClusterIsLeftToItsTtl() throws InterruptedException {
        Pod dead =
                pod(true).editMetadata().withAnnotations(Map.of()).endMetadata().build();
        live(dead);
        closer.offer(dead);
        drain();
        assertEquals(List.of(), ended);
    }

    @Test
    void aDefaultClusterIsUsedIfThereIsOne() throws InterruptedException {
        URI there = URI.create("http://locks.example:7100");
        List<URI> asked = new ArrayList<>();
        Pod dead =
                pod(true).editMetadata().withAnnotations(Map.of()).endMetadata().build();
        Closer other = new Closer(
                new Closer.Cluster() {
                    @Override
                    public Pod pod(String namespace, String name) {
                        return dead;
                    }

                    @Override
                    public @Nullable Node node(String name) {
                        return null;
                    }
                },
                (cluster, uid) -> {
                    asked.add(cluster);
                    return 0;
                },
                Optional.of(there),
                count -> {},
                () -> 0);
        other.offer(dead);
        assertTrue(other.next());
        assertEquals(List.of(there), asked);
    }
}
