package io.holdfast.operator.paper;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.holdfast.ensemble.Eventually;
import io.holdfast.operator.paper.kubelet.PaperKubelet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * A client that holds locks for as long as a test lasts, and asks any pod behind a Service. Each call is repeated until
 * it has an answer: what returns was acknowledged.
 */
public final class Holder {

    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final PaperKubelet kubelet;
    private final String namespace;
    private final String service;

    public Holder(PaperKubelet kubelet, String namespace, String service) {
        this.kubelet = kubelet;
        this.namespace = namespace;
        this.service = service;
    }

    /** Opens a session with the longest ttl that there is, and returns its id. */
    public String open(String name) throws TimeoutException {
        return ask("POST", "/v1/sessions", "{\"ttl\": \"1h\", \"name\": \"" + name + "\"}")
                .path("id")
                .asText();
    }

    /** Takes a lock for a session, as a grant of the lock's name, and returns the token. */
    public long take(String session, String lock) throws TimeoutException {
        var body = "{\"session\": \"%s\", \"lock\": \"%s\", \"wait\": \"30s\"}".formatted(session, lock);
        return ask("PUT", "/v1/grants/" + lock, body).path("token").asLong();
    }

    /** The token of the grant of this name; 0 when nothing holds it. */
    public long token(String lock) throws TimeoutException {
        return ask("GET", "/v1/grants/" + lock, "").path("token").asLong();
    }

    private JsonNode ask(String method, String path, String body) throws TimeoutException {
        var answer = new JsonNode[1];
        var last = new String[] {"nothing"};
        try {
            Eventually.await(method + " " + path, BOUND, () -> {
                var pods = kubelet.endpoints(namespace, service);
                if (pods.isEmpty()) {
                    return false;
                }
                try {
                    var reply = send(pods.get(0), method, path, body);
                    last[0] = reply.statusCode() + " " + reply.body();
                    answer[0] = JSON.readTree(reply.body());
                    return reply.statusCode() < 500;
                } catch (IOException e) {
                    last[0] = e.toString();
                    return false;
                }
            });
        } catch (TimeoutException e) {
            throw new TimeoutException(e.getMessage() + ", but: " + last[0]);
        }
        return answer[0];
    }

    private HttpResponse<String> send(URI pod, String method, String path, String body) throws IOException {
        var request = HttpRequest.newBuilder(pod.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the test was told to end", e);
        }
    }
}
