package io.holdfast.operator.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.holdfast.ensemble.Eventually;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pods of the paper kubelet are real processes, and their objects say what became of them. */
@Timeout(300)
class KubeletIT {

    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final String POD = "orders-voter-1-0";

    @TempDir
    private Path directory;

    private TestCluster cluster;
    private KubernetesClient client;
    private Miniature objects;

    @BeforeEach
    void start() throws Exception {
        cluster = TestCluster.start(directory, List.of("n1", "n2"));
        client = cluster.client("test");
        objects = new Miniature(client, "shop");
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        cluster.close();
    }

    @Test
    void aVoterIsFoundedKilledEvictedAndLosesItsNode() throws Exception {
        objects.found();
        objects.claim(1);
        client.resource(objects.voter(1, "holdfast:1")).create();
        await("a ready pod behind the service", pod -> isReady(pod));
        assertEquals(200, request("GET", "/v1/cluster", ""));
        var uid = pod().getMetadata().getUid();

        client.configMaps()
                .inNamespace("shop")
                .withName("orders-start")
                .edit(start -> new ConfigMapBuilder(start)
                        .withData(Map.of("HOLDFAST_JOIN", objects.address(1)))
                        .build());
        objects.claim(2);
        client.resource(objects.voter(2, "holdfast:1")).create();
        var member = "{\"id\": 2, \"address\": \"" + objects.address(2) + "\"}";
        assertEquals(201, request("POST", "/v1/cluster/members", member));
        Eventually.await(
                "pods find each other by name",
                BOUND,
                () -> cluster.kubelet().endpoints("shop", "orders-peers").size() == 2);

        cluster.kubelet().kill("shop", POD);
        await(
                "the container is started again",
                pod -> isReady(pod) && container(pod).getRestartCount() == 1);
        assertEquals(137, container(pod()).getLastState().getTerminated().getExitCode());
        assertEquals(uid, pod().getMetadata().getUid());

        client.pods().inNamespace("shop").withName(POD).evict();
        await(
                "another pod of that name",
                pod -> isReady(pod) && !pod.getMetadata().getUid().equals(uid));
        assertEquals(0, container(pod()).getRestartCount());
        assertFalse(cluster.kubelet().log(POD).isEmpty());

        var node = pod().getSpec().getNodeName();
        cluster.kubelet().nodeDies(node, true);
        await(
                "the pod is terminating and not ready",
                pod -> pod.getMetadata().getDeletionTimestamp() != null && !isReady(pod));
        cluster.kubelet().nodeReturns(node);
        await("the pod came back", pod -> isReady(pod) && pod.getMetadata().getDeletionTimestamp() == null);
        assertEquals(List.of(), cluster.kubelet().failures());
    }

    @Test
    void imagesThatCannotBePulledOrCrashShowIt() throws Exception {
        objects.found();
        objects.claim(1);
        client.resource(objects.voter(1, "holdfast:missing")).create();
        await("ImagePullBackOff", pod -> waits(pod, "ImagePullBackOff"));
        assertFalse(isReady(pod()));
        var missing = pod().getMetadata().getUid();
        client.resource(objects.voter(1, "holdfast:crashes")).update();
        client.resource(pod()).delete();
        await(
                "CrashLoopBackOff",
                pod -> waits(pod, "CrashLoopBackOff") && container(pod).getRestartCount() > 1);
        assertNotEquals(missing, pod().getMetadata().getUid());
        assertEquals(1, container(pod()).getLastState().getTerminated().getExitCode());
        client.namespaces().withName("shop").delete();
        Eventually.await(
                "the namespace is gone",
                BOUND,
                () -> client.namespaces().withName("shop").get() == null);
        assertEquals(List.of(), client.pods().inNamespace("shop").list().getItems());
    }

    @Test
    void aPodWithoutItsClaimOrSettingsWaits() throws Exception {
        objects.found();
        client.configMaps().inNamespace("shop").withName("orders-start").delete();
        client.resource(objects.voter(1, "holdfast:crashes")).create();
        await(
                "Unschedulable",
                pod -> pod.getStatus().getConditions().stream()
                        .anyMatch(each -> "Unschedulable".equals(each.getReason())));
        objects.claim(1);
        await("CreateContainerConfigError", pod -> waits(pod, "CreateContainerConfigError"));
        var claim = client.persistentVolumeClaims().inNamespace("shop").withName("orders-voter-1");
        claim.delete();
        assertTrue(claim.get().isMarkedForDeletion(), "a claim that a pod uses stays");
    }

    private int request(String method, String path, String body) throws Exception {
        var uri = URI.create("http://" + pod().getStatus().getPodIP() + ":7100" + path);
        var request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    private Pod pod() {
        return client.pods().inNamespace("shop").withName(POD).get();
    }

    private void await(String what, Predicate<Pod> condition) throws Exception {
        try {
            Eventually.await(what, BOUND, () -> {
                var pod = pod();
                return pod != null && condition.test(pod);
            });
        } catch (TimeoutException e) {
            throw new TimeoutException(
                    e.getMessage() + ": " + pod() + "\n" + cluster.kubelet().log(POD));
        }
    }

    private static ContainerStatus container(Pod pod) {
        return pod.getStatus().getContainerStatuses().get(0);
    }

    private static boolean waits(Pod pod, String reason) {
        var all = pod.getStatus().getContainerStatuses();
        return !all.isEmpty()
                && all.get(0).getState().getWaiting() != null
                && reason.equals(all.get(0).getState().getWaiting().getReason());
    }

    private static boolean isReady(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(each ->
                        each.getType().equals("Ready") && each.getStatus().equals("True"));
    }
}
