package io.holdfast.nodes;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.holdfast.server.SseClient;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** The requests that recipes are made of, each to the next node, with names that no other test uses. */
abstract class Recipe {

    /** A body that makes a ticket wait in line. */
    static final String WAITS = ",'wait':'5m'";

    private static final Duration ANSWER_BOUND = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 20_000_000;
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final AtomicInteger TURNS = new AtomicInteger();

    final String lock = fresh("recipes/lock");

    /** Returns a name that no other test uses, and that none begins with. */
    static String fresh(String what) {
        return "%s-%04d".formatted(what, NAMES.incrementAndGet());
    }

    /** Asks until there is an answer, each try at the next node: every call may be sent again. */
    private static ValidatableResponse insist(String body, Function<RequestSpecification, Response> call) {
        var deadline = System.nanoTime() + ANSWER_BOUND.toNanos();
        while (true) {
            var request = given().baseUri(nextNode()).contentType("application/json");
            try {
                var answer = call.apply(body.isEmpty() ? request : request.body(body.replace('\'', '"')));
                var unanswered = answer.statusCode() == 503 || answer.statusCode() == 504;
                if (!unanswered || System.nanoTime() > deadline) {
                    return answer.then();
                }
            } catch (Exception down) {
                // A node that is not there throws what no signature here names.
                if (!(down instanceof IOException) || System.nanoTime() > deadline) {
                    throw down;
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static String nextNode() {
        var ensemble = RecipesIT.NODES.ensemble();
        return ensemble.uri(1 + Math.floorMod(TURNS.incrementAndGet(), ensemble.size()))
                .toString();
    }

    static ValidatableResponse get(String path) {
        return insist("", request -> request.accept("application/json").get(path));
    }

    static ValidatableResponse post(String path, String body) {
        return insist(body, request -> request.post(path));
    }

    static ValidatableResponse post(String path, String body, String header, String value) {
        return insist(body, request -> request.header(header, value).post(path));
    }

    static ValidatableResponse patch(String path, String body) {
        return insist(body, request -> request.patch(path));
    }

    static ValidatableResponse patch(String path, String body, long token) {
        return insist(
                body, request -> request.header("If-Match", "\"" + token + "\"").patch(path));
    }

    static ValidatableResponse delete(String path) {
        return insist("", request -> request.delete(path));
    }

    static ValidatableResponse delete(String path, String header, String value) {
        return insist("", request -> request.header(header, value).delete(path));
    }

    /** Opens a stream at the next node. */
    static SseClient stream(String path) throws IOException {
        return new SseClient(java.net.URI.create(nextNode() + path), null);
    }

    static String openSession() {
        return openSession("'ttl':'10m'");
    }

    static String openSession(String fields) {
        return post("/v1/sessions", "{" + fields + "}")
                .statusCode(201)
                .extract()
                .path("id");
    }

    /** Takes a ticket for this test's lock; a first answer may have been lost, so 200 counts as 201. */
    ValidatableResponse take(String grant, String session, String fields) {
        return ask(grant, session, "'lock':'" + lock + "'" + fields);
    }

    static ValidatableResponse ask(String grant, String session, String fields) {
        var body = "{'session':'" + session + "'," + fields + "}";
        return insist(body, request -> request.put("/v1/grants/" + grant));
    }

    /** Takes this test's lock, which is free for it, and returns the token. */
    long hold(String grant, String session, String fields) {
        return token(take(grant, session, fields).body("state", equalTo("granted")));
    }

    /** Waits until a ticket is granted, and returns its token. */
    static long granted(String grant) {
        return token(get("/v1/grants/" + grant + "?poll=50s").statusCode(200).body("state", equalTo("granted")));
    }

    static long token(ValidatableResponse grant) {
        return grant.extract().jsonPath().getLong("token");
    }

    static void release(String grant) {
        delete("/v1/grants/" + grant).statusCode(204);
    }

    static void waits(String grant) {
        get("/v1/grants/" + grant).statusCode(200).body("state", equalTo("waiting"));
    }

    static ValidatableResponse problem(int status, String slug, ValidatableResponse answer) {
        return answer.statusCode(status).body("type", equalTo("urn:holdfast:problem:" + slug));
    }

    ValidatableResponse lock() {
        return get("/v1/locks/" + lock).statusCode(200);
    }

    /** Reads this test's lock as often as it changes, until a number of it is as wished; returns the revision. */
    String lockUntil(String field, int value) {
        var deadline = System.nanoTime() + ANSWER_BOUND.toNanos();
        for (var seen = lock(); System.nanoTime() < deadline; ) {
            var body = seen.extract().jsonPath();
            if (body.getInt(field) == value) {
                return body.getString("revision");
            }
            var changed = get("/v1/locks/" + lock + "?poll=10s&changedSince=" + body.getString("revision"));
            seen = changed.extract().statusCode() == 204 ? lock() : changed.statusCode(200);
        }
        throw new AssertionError(field + " of " + lock + " is not " + value + " after " + ANSWER_BOUND);
    }
}
