package io.holdfast.server.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Calls with and without bodies over HTTP/2, in each way in which a body can end. */
@QuarkusTest
class Http2BodyTest {

    private static final String SESSION = "{\"ttl\":\"10m\",\"name\":\"http2\"}";

    /** More than one frame may have. */
    private static final int SEVERAL_FRAMES = 40_000;

    private static final Duration BOUND = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

    private HttpResponse<String> call(String method, String path, BodyPublisher body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                .timeout(BOUND)
                .header("Content-Type", "application/json")
                .method(method, body)
                .build();
        var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(HttpClient.Version.HTTP_2, answer.version());
        return answer;
    }

    /** A publisher that does not say how long it is. */
    private static BodyPublisher unmeasured(String body) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    }

    private void upgraded() throws Exception {
        assertEquals(200, call("GET", "/v1/cluster", BodyPublishers.noBody()).statusCode());
    }

    private static String padded(int bytes) {
        return SESSION + " ".repeat(bytes - SESSION.length());
    }

    /** Its body comes in the manner of HTTP/1.1, and all that follows in frames. */
    @Test
    void theFirstRequestOfAConnectionMayHaveABody() throws Exception {
        var first = call("POST", "/v1/sessions", BodyPublishers.ofString(SESSION));
        assertEquals(201, first.statusCode(), first.body());
        var second = call("POST", "/v1/sessions", BodyPublishers.ofString(SESSION));
        assertEquals(201, second.statusCode(), second.body());
    }

    @Test
    void aBodyOfOneAndOfSeveralFramesIsRead() throws Exception {
        upgraded();
        for (var body : new String[] {SESSION, padded(SEVERAL_FRAMES)}) {
            var measured = call("POST", "/v1/sessions", BodyPublishers.ofString(body));
            assertEquals(201, measured.statusCode(), measured.body());
            var unmeasured = call("POST", "/v1/sessions", unmeasured(body));
            assertEquals(201, unmeasured.statusCode(), unmeasured.body());
        }
    }

    @Test
    void aCallWithoutABodyIsAnswered() throws Exception {
        upgraded();
        var opened = call("POST", "/v1/sessions", BodyPublishers.ofString(SESSION));
        var session = opened.body().replaceAll(".*?\"id\"\\s*:\\s*\"([^\"]+)\".*", "$1");
        for (var nothing : new BodyPublisher[] {BodyPublishers.noBody(), unmeasured(""), unmeasured("{}")}) {
            var kept = call("POST", "/v1/sessions/" + session + "/keepalive", nothing);
            assertEquals(200, kept.statusCode(), kept.body());
        }
        var ended = call("DELETE", "/v1/sessions/" + session, BodyPublishers.noBody());
        assertTrue(ended.statusCode() == 200 || ended.statusCode() == 204, ended.body());
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedHoweverItEnds() throws Exception {
        upgraded();
        var body = padded(2 << 20);
        for (var large : new BodyPublisher[] {BodyPublishers.ofString(body), unmeasured(body)}) {
            var refused = call("POST", "/v1/sessions", large);
            assertEquals(413, refused.statusCode(), refused.body());
        }
        assertEquals(201, call("POST", "/v1/sessions", unmeasured(SESSION)).statusCode());
    }
}
