package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.ensemble.Ensemble;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Changes the rules of an ensemble whose clients go on, as its administrator. */
final class RulesUnderLoad {

    private static final Duration BOUND = Duration.ofMinutes(1);
    private static final int TIMES = 3;
    private static final String BINDING = "/v1/acl/bindings/load";

    private final Ensemble ensemble;
    private HttpClient administrator;

    /** What must go well between two changes. */
    interface Progress {
        void await() throws Exception;
    }

    RulesUnderLoad(Ensemble ensemble, HttpClient administrator) {
        this.ensemble = ensemble;
        this.administrator = administrator;
    }

    /** Has the administrator use other connections. */
    void ask(HttpClient other) {
        administrator = other;
    }

    /** From rules that are open, by way of those that are only observed, to those that are enforced. */
    void enforce(String principal, Progress progress) throws Exception {
        ok("PUT", "/v1/acl/policies/load", "{\"rules\":[{\"verbs\":[\"acquire\"],\"locks\":\"load/\"}]}");
        bind(principal);
        for (var mode : new String[] {"observe", "enforce"}) {
            ok("PUT", "/v1/acl/mode", "{\"mode\":\"" + mode + "\"}");
            progress.await();
        }
    }

    private void bind(String principal) throws Exception {
        ok("PUT", BINDING, "{\"policy\":\"load\",\"to\":[\"" + principal + "\"]}");
    }

    /**
     * A node that stands still gets a request, and a right is taken away meanwhile: its own rules still allow the
     * request when it goes on. The revision in the command is what stops it.
     */
    void whatWasRevokedTakesNoEffectAtANodeThatLags(HttpClient client) throws Exception {
        for (var time = 0; time < TIMES; time++) {
            var lagging = ensemble.follower();
            var other = ensemble.awaitLeader();
            bind("cert:billing");
            var session = opened(lagging, client);
            var grant = "/v1/grants/" + session + ".allowed";
            var body = "{\"session\":\"" + session + "\",\"lock\":\"load/%s\"}";
            assertEquals(201, status(lagging, client, "PUT", grant, body.formatted("allowed-" + time)));
            ensemble.node(lagging).freeze();
            try {
                var late = client.sendAsync(
                        request(lagging, "PUT", "/v1/grants/" + session + ".late", body.formatted("late-" + time)),
                        HttpResponse.BodyHandlers.ofString());
                assertEquals(200, status(other, administrator, "DELETE", BINDING, ""));
                ensemble.node(lagging).thaw();
                var answer = late.get(BOUND.toSeconds(), TimeUnit.SECONDS);
                // It may find itself without a leader first, and then says that nothing was done.
                if (answer.statusCode() != 503) {
                    assertEquals(403, answer.statusCode(), answer::body);
                }
            } finally {
                ensemble.node(lagging).thaw();
            }
            ensemble.awaitReady();
            // Its owner may ask again, and finds nothing.
            bind("cert:billing");
            assertEquals(404, status(other, client, "GET", "/v1/grants/" + session + ".late", ""));
        }
    }

    private String opened(int node, HttpClient client) throws Exception {
        var answer = client.send(
                request(node, "POST", "/v1/sessions", "{\"ttl\":\"10m\"}"), HttpResponse.BodyHandlers.ofString());
        assertEquals(201, answer.statusCode(), answer::body);
        return new ObjectMapper().readTree(answer.body()).path("id").asText();
    }

    private void ok(String method, String path, String body) throws Exception {
        assertEquals(200, status(ensemble.awaitLeader(), administrator, method, path, body), path);
    }

    private int status(int node, HttpClient client, String method, String path, String body)
            throws IOException, InterruptedException {
        return client.send(request(node, method, path, body), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private HttpRequest request(int node, String method, String path, String body) {
        var request = HttpRequest.newBuilder(URI.create(ensemble.uri(node) + path))
                .timeout(BOUND)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return request.build();
    }
}
