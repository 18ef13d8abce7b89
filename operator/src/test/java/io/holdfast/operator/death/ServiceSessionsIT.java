package io.holdfast.operator.death;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.Json;
import io.holdfast.api.OpenedSession;
import io.holdfast.ensemble.Blueprint;
import io.holdfast.ensemble.Ensemble;
import io.holdfast.operator.manifests.Repository;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the service makes of the sessions of a dead pod. */
@Timeout(300)
class ServiceSessionsIT {

    private static final String UID = "7d1c2f6e-0000-4000-8000-000000000001";

    private final HttpClient http = HttpClient.newHttpClient();

    private HttpResponse<String> send(URI uri, String method, String body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/json")
                        .timeout(Duration.ofSeconds(60))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String open(URI node, String name) throws IOException, InterruptedException {
        HttpResponse<String> opened = send(
                node.resolve("/v1/sessions"),
                "POST",
                "{\"name\":\"" + name + "\",\"ttl\":\"1h\",\"lockDelay\":\"60s\"}");
        assertEquals(201, opened.statusCode(), opened.body());
        return Json.read(opened.body().getBytes(StandardCharsets.UTF_8), OpenedSession::read)
                .id();
    }

    @Test
    void theyExpireAsConfirmedDeadAndOthersStay(@TempDir Path directory) throws Exception {
        Path jar = Repository.file("src/server/target/holdfast-server.jar");
        try (Ensemble ensemble = new Ensemble(Blueprint.of(jar, directory, 1).startedOften())) {
            ensemble.start();
            URI node = ensemble.uri(1);
            String dead = open(node, UID + "/holdfast");
            String other = open(node, "7d1c2f6e-0000-4000-8000-000000000002/holdfast");
            HttpResponse<String> granted = send(
                    node.resolve("/v1/grants"),
                    "POST",
                    "{\"session\":\"" + dead + "\",\"lock\":\"payments/settlement\"}");
            assertEquals(201, granted.statusCode(), granted.body());

            ServiceSessions sessions = new ServiceSessions();
            assertEquals(1, sessions.end(node, UID));
            assertEquals(0, sessions.end(node, UID), "twice is as once");

            HttpResponse<String> gone = send(node.resolve("/v1/sessions/" + dead), "GET", "");
            assertTrue(gone.statusCode() == 404 || gone.statusCode() == 410, gone.body());
            assertEquals(
                    200, send(node.resolve("/v1/sessions/" + other), "GET", "").statusCode());
            // An expiry and no release: the session's lockDelay holds.
            HttpResponse<String> events = http.send(
                    HttpRequest.newBuilder(
                                    node.resolve("/v1/events?since=0-0&limit=1000&prefix=payments/&kinds=expired"))
                            .header("Accept", "application/json")
                            .timeout(Duration.ofSeconds(60))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(200, events.statusCode(), events.body());
            assertTrue(events.body().contains("confirmed-dead"), events.body());
        }
    }
}
