package io.holdfast.server.rest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.KeyText;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;

/** Every call of the API with each kind of credential. */
@QuarkusTest
class CallersOfCallsTest {

    /**
     * What a call is answered while the rules let everything pass, without a credential and with a good one; with a bad
     * one it is always 401. A new call needs a row.
     */
    private static final Map<String, Row> ROWS = new TreeMap<>(Map.ofEntries(
            row("DELETE /v1/cluster/members/{id}", 404, ""),
            row("DELETE /v1/grants/{id}", 204, ""),
            row("DELETE /v1/sessions/{id}", 404, ""),
            row("DELETE /v1/acl/bindings/{name}", 404, ""),
            row("DELETE /v1/acl/limits/{name}", 404, ""),
            row("DELETE /v1/acl/policies/{name}", 404, ""),
            row("GET /v1/acl", 200, ""),
            row("GET /v1/acl/bindings/{name}", 404, ""),
            row("GET /v1/acl/limits/{name}", 404, ""),
            row("GET /v1/acl/policies/{name}", 404, ""),
            row("DELETE /v1/acl/keys/{id}", 404, ""),
            row("GET /v1/acl/keys", 200, ""),
            row("POST /v1/acl/keys", 400, "{\"x\":1}"),
            row("POST /v1/acl/check", 400, "{\"x\":1}"),
            row("PUT /v1/acl", 400, "{\"x\":1}"),
            row("PUT /v1/acl/bindings/{name}", 400, "{\"x\":1}"),
            row("PUT /v1/acl/limits/{name}", 400, "{\"x\":1}"),
            row("PUT /v1/acl/mode", 400, "{\"x\":1}"),
            row("PUT /v1/acl/policies/{name}", 400, "{\"x\":1}"),
            row("GET /v1/acl/whoami", 200, ""),
            row("GET /v1/cluster", 200, ""),
            row("GET /v1/cluster/backup", 200, ""),
            row("GET /v1/events", 200, ""),
            row("GET /v1/grants/{id}", 410, ""),
            row("GET /v1/locks", 200, ""),
            row("GET /v1/locks/{name: .+}", 200, ""),
            row("GET /v1/locks/{name: .+}/-/why", 400, ""),
            row("GET /v1/sessions", 200, ""),
            row("GET /v1/sessions/{id}", 404, ""),
            row("GET /v1/sessions/{id}/attach", 404, ""),
            row("PATCH /v1/cluster/members/{id}", 400, "{}"),
            row("PATCH /v1/grants/{id}", 400, "{}"),
            row("PATCH /v1/locks/{name: .+}", 400, "{}"),
            row("POST /v1/cluster/leader", 400, "{\"to\":\"x\"}"),
            row("POST /v1/cluster/members", 400, "{}"),
            row("POST /v1/cluster/snapshots", 200, ""),
            row("POST /v1/grants", 400, "{}"),
            row("POST /v1/grants/{id}/transfer", 400, "{}"),
            row("POST /v1/locks/{name: .+}", 400, ""),
            row("POST /v1/locks/{name: .+}/-/break", 400, "{}"),
            row("POST /v1/locks/{name: .+}/-/check", 400, "{}"),
            row("POST /v1/sessions", 201, "{}"),
            row("POST /v1/sessions/-/keepalive", 400, "{}"),
            row("POST /v1/sessions/{id}/keepalive", 404, ""),
            row("PUT /v1/grants/{id}", 400, "{}")));

    private record Row(int served, String body) {}

    private static Map.Entry<String, Row> row(String call, int served, String body) {
        return Map.entry(call, new Row(served, body));
    }

    private static Response ask(String call, Row row, String credential) {
        String method = call.substring(0, call.indexOf(' '));
        String path = call.substring(method.length() + 1)
                .replaceAll("\\{name: [^}]*}", "callers/lock")
                // What one caller released belongs to it.
                .replaceAll("\\{[^}]*}", credential.isEmpty() ? "1-4000000017" : "1-4000000018");
        var request = given().urlEncodingEnabled(false);
        if (path.equals("/v1/locks/callers/lock") && method.equals("POST")) {
            path += "?poll=x";
        }
        if (path.equals("/v1/events")) {
            request.header("Accept", "application/json");
            path += "?since=0-0&poll=0s";
        }
        if (!row.body.isEmpty()) {
            request.contentType("application/json").body(row.body);
        }
        if (!credential.isEmpty()) {
            request.header("Authorization", credential);
        }
        return request.request(method, path.replaceAll("members/1-400000001.", "members/4000"));
    }

    @Test
    void everyCallIsJudged() {
        var calls = new TreeSet<String>();
        for (var route : new ApiRoutes().all()) {
            route.methods().keySet().forEach(method -> calls.add(method + " " + route.template()));
        }
        assertEquals(calls, new TreeSet<>(ROWS.keySet()), "calls with a row");
        String good = "Bearer " + TestTokens.of("ann");
        ROWS.forEach((call, row) -> {
            assertEquals(row.served, ask(call, row, "").statusCode(), call + " without a credential");
            assertEquals(row.served, ask(call, row, good).statusCode(), call + " with a good credential");
            for (String bad : List.of("Bearer swordfish", "Basic YTpi", good + "x")) {
                ask(call, row, bad)
                        .then()
                        .statusCode(401)
                        .header("WWW-Authenticate", startsWith("Bearer "))
                        .body("type", equalTo("urn:holdfast:problem:unauthenticated"));
            }
        });
    }

    @Test
    void aBadCredentialIsRefusedBeforeAnythingElseIsSaid() {
        given().header("Authorization", "Bearer x")
                .delete("/v1/locks?nonsense=1")
                .then()
                .statusCode(401);
        given().header("Authorization", "Bearer x")
                .contentType("application/json")
                .body("{".repeat(60_000))
                .post("/v1/sessions")
                .then()
                .statusCode(401);
        // The head of an answer says no more than its body would.
        given().header("Authorization", "Bearer x").head("/v1/cluster").then().statusCode(401);
    }

    @Test
    void whoamiShowsWhatACredentialProves() {
        given().get("/v1/acl/whoami")
                .then()
                .statusCode(200)
                .body("principal", equalTo("anonymous"))
                .body("until", equalTo(null));
        given().header("Authorization", "Bearer " + TestTokens.of("ann", "ops"))
                .get("/v1/acl/whoami")
                .then()
                .statusCode(200)
                .body("principal", equalTo("jwt:test:ann"))
                .body("groups", contains("test:ops"))
                .body("until", startsWith("20"));
    }

    /** Its credential is checked beside the event loop while the body comes. */
    @Test
    void theBodyOfARequestWhoseCredentialMustBeCheckedIsThere() throws Exception {
        String body = "{\"ttl\":\"10m\",\"name\":\"callers\"}" + " ".repeat(40_000);
        for (HttpClient.Version version : HttpClient.Version.values()) {
            HttpClient http = HttpClient.newBuilder().version(version).build();
            for (int i = 0; i < 5; i++) {
                var request = HttpRequest.newBuilder(
                                URI.create("http://localhost:" + RestAssured.port + "/v1/sessions"))
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + TestTokens.of("ann-" + version + i))
                        .POST(BodyPublishers.ofString(body))
                        .build();
                var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
                assertEquals(201, answer.statusCode(), version + ": " + answer.body());
            }
        }
    }

    /** Keeps all that is logged, of every category and level. */
    private static final class Lines extends Handler {
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final PatternFormatter text = new PatternFormatter("%c %s %e");

        @Override
        public void publish(LogRecord line) {
            // The client of this test is no part of a node.
            if (line.getLoggerName() == null || !line.getLoggerName().startsWith("org.apache.http.")) {
                lines.add(text.format(line));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void noLogHasACredential() {
        String key = KeyText.generate(new SecureRandom()).text();
        String good = TestTokens.of("canary");
        String made = given().contentType("application/json")
                .body("{\"name\":\"canary\"}")
                .post("/v1/acl/keys")
                .then()
                .statusCode(201)
                .extract()
                .path("key");
        List<String> canaries = List.of(
                key.substring(key.length() - 30),
                made.substring(made.length() - 30),
                good.substring(good.length() - 40),
                "canary-of-a-bad-token",
                "Y2FuYXJ5OmNhbmFyeQ");
        List<String> credentials = List.of(
                "Bearer " + key,
                "Bearer " + key.substring(0, key.length() - 1),
                "Bearer " + made,
                "Bearer " + good,
                "Bearer canary-of-a-bad-token",
                "Bearer a.canary-of-a-bad-token.b",
                "Basic Y2FuYXJ5OmNhbmFyeQ==");
        Lines seen = new Lines();
        seen.setLevel(Level.ALL);
        List<Logger> loggers =
                List.of(Logger.getLogger(""), Logger.getLogger("io.holdfast"), Logger.getLogger("org.jose4j"));
        List<Level> levels = new ArrayList<>();
        loggers.forEach(logger -> {
            levels.add(logger.getLevel());
            logger.setLevel(Level.ALL);
        });
        loggers.get(0).addHandler(seen);
        StringBuilder answers = new StringBuilder();
        try {
            for (String credential : credentials) {
                for (var call : ROWS.entrySet()) {
                    if (!call.getKey().endsWith("backup")) {
                        Response answer = ask(call.getKey(), call.getValue(), credential);
                        answers.append(answer.headers()).append(answer.body().asString());
                    }
                }
            }
            answers.append(given().get("/q/metrics").body().asString());
        } finally {
            given().delete("/v1/acl/keys/" + made.split("_")[1]);
            loggers.get(0).removeHandler(seen);
            for (int i = 0; i < levels.size(); i++) {
                loggers.get(i).setLevel(levels.get(i));
            }
        }
        assertFalse(seen.lines.isEmpty());
        String said = answers + String.join("\n", seen.lines);
        assertTrue(said.contains("holdfast_auth_denied_total"), "metrics");
        for (String canary : canaries) {
            int at = said.indexOf(canary);
            assertEquals(-1, at, () -> said.substring(Math.max(0, at - 200), at));
        }
    }
}
