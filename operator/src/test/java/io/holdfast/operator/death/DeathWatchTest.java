package io.holdfast.operator.death;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.holdfast.ensemble.Eventually;
import io.holdfast.operator.manifests.Repository;
import io.holdfast.operator.paper.api.ApiServer;
import io.holdfast.operator.paper.api.Setup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The watch against an API server, and a service that lists and ends sessions. */
class DeathWatchTest {

    private static final Duration BOUND = Duration.ofSeconds(60);

    private final ApiServer api = ApiServer.start();
    private final KubernetesClient client = api.client("admin");
    private final KubernetesClient own = api.client("confirmed-death");
    private final Map<String, String> sessions = new ConcurrentHashMap<>();
    private final List<String> deleted = new CopyOnWriteArrayList<>();
    private final AtomicLong closed = new AtomicLong();
    private HttpServer service;
    private DeathWatch watch;

    @BeforeEach
    void start() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/v1/sessions", this::answer);
        service.start();
        Setup.namespace(client, "shop");
        api.rights()
                .grant(
                        "confirmed-death",
                        null,
                        Repository.documents(Repository.file("k8s/components/confirmed-death/rights.yaml"))
                                .get(1));
        watch = new DeathWatch(
                own,
                new ServiceSessions(),
                Optional.of(
                        URI.create("http://localhost:" + service.getAddress().getPort())),
                closed::addAndGet);
        watch.start();
    }

    @AfterEach
    void stop() {
        watch.close();
        assertEquals(List.of(), api.rights().refused());
        own.close();
        client.close();
        api.close();
        service.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String query = exchange.getRequestURI().getQuery();
            if (exchange.getRequestMethod().equals("DELETE")) {
                String id = exchange.getRequestURI().getPath().substring("/v1/sessions/".length());
                deleted.add(sessions.remove(id) + "?" + query);
                exchange.sendResponseHeaders(204, -1);
                return;
            }
            StringBuilder page = new StringBuilder("{\"sessions\":[");
            sessions.forEach((id, name) -> {
                if (query.startsWith("prefix=" + name.substring(0, name.indexOf('/') + 1))) {
                    page.append(page.toString().endsWith("[") ? "" : ",")
                            .append("{\"id\":\"" + id + "\",\"name\":\"" + name
                                    + "\",\"ttlMs\":10000,\"lockDelayMs\":0}");
                }
            });
            byte[] body = page.append("]}").toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Pod pod(String name, boolean labelled) {
        return client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace("shop")
                        .withName(name)
                        .withLabels(labelled ? Map.of("holdfast.dev/session", "holdfast") : Map.of())
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName("n1")
                        .withRestartPolicy("Never")
                        .addNewContainer()
                        .withName("web")
                        .withImage("web")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }

    private void terminate(Pod pod) {
        Pod ended = new PodBuilder(pod)
                .withNewStatus()
                .withPhase("Failed")
                .addNewContainerStatus()
                .withName("web")
                .withImage("web")
                .withImageID("web")
                .withReady(false)
                .withRestartCount(0)
                .withNewState()
                .withNewTerminated()
                .withExitCode(137)
                .withReason("OOMKilled")
                .withStartedAt("2026-11-29T10:00:00Z")
                .withFinishedAt("2026-11-29T12:00:05Z")
                .endTerminated()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();
        api.access().putStatus(ended);
    }

    private String session(String id, Pod pod) {
        String name = pod.getMetadata().getUid() + "/holdfast";
        sessions.put(id, name);
        return name;
    }

    @Test
    void theSessionsOfAPodThatEndedAreClosedAsDeadAndNoOthers() throws TimeoutException {
        Pod dead = pod("dead", true);
        Pod alive = pod("alive", true);
        Pod unlabelled = pod("unlabelled", false);
        String name = session("s1", dead);
        session("s2", alive);
        session("s3", unlabelled);
        terminate(unlabelled);
        terminate(dead);
        Eventually.await("the session is closed", BOUND, () -> closed.get() == 1);
        assertEquals(List.of(name + "?cause=dead&force=true"), deleted);
        assertEquals(2, sessions.size());
    }

    @Test
    void aNodeThatIsTakenOutOfServiceEndsTheSessionsOfItsPods() throws TimeoutException {
        Pod lost = pod("lost", true);
        session("s1", lost);
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName("n1")
                        .endMetadata()
                        .withNewSpec()
                        .addNewTaint()
                        .withKey(ProofOfDeath.OUT_OF_SERVICE)
                        .withEffect("NoExecute")
                        .withValue("nodeshutdown")
                        .endTaint()
                        .endSpec()
                        .build())
                .create();
        Eventually.await("the session is closed", BOUND, () -> closed.get() == 1);
        assertTrue(sessions.isEmpty());
    }
}
