package io.holdfast.server.rest;

import static io.holdfast.server.rest.Api.eventually;
import static io.holdfast.server.rest.Api.fresh;
import static io.holdfast.server.rest.Api.json;
import static io.holdfast.server.rest.Api.problem;
import static io.holdfast.server.rest.Api.release;
import static io.holdfast.server.rest.Api.session;
import static io.holdfast.server.rest.Api.take;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@QuarkusTest
class LockResourceTest {

    @Test
    void aNameNobodyUsesIsAFreeLock() {
        given().get("/v1/locks/nobody/uses/this")
                .then()
                .statusCode(200)
                .body("name", equalTo("nobody/uses/this"))
                .body("holders", empty())
                .body("waiters", empty())
                .body("waiting", equalTo(0))
                .body("revision", notNullValue());
    }

    @Test
    void aLockShowsItsHolderAndItsLine() {
        String lock = fresh("payments") + "/settlement/2026-11";
        String session = session();
        String holder = fresh("grant");
        String waiter = fresh("grant");
        int token = take(holder, session, lock, "0s", "0s")
                .statusCode(201)
                .extract()
                .path("token");
        take(waiter, session, lock, "5m", "0s").statusCode(202);
        given().get("/v1/locks/" + lock)
                .then()
                .statusCode(200)
                .body("name", equalTo(lock))
                .body("mode", equalTo("exclusive"))
                .body("limit", equalTo(1))
                .body("holders.grant", contains(holder))
                .body("holders.session", contains(session))
                .body("holders.sessionName", contains("test"))
                .body("holders.token", contains(token))
                .body("holders[0].heldMs", greaterThanOrEqualTo(0))
                .body("waiters.grant", contains(waiter))
                .body("waiters.position", contains(1))
                .body("waiters[0].waitedMs", greaterThanOrEqualTo(0))
                .body("waiting", equalTo(1));
    }

    @Test
    void aNameMayBePercentEncodedAndMeansTheSameLock() throws IOException {
        String lock = fresh("enc");
        take(fresh("grant"), session(), lock + "/a@b:c", "0s", "0s").statusCode(201);
        for (String path : new String[] {lock + "/a@b:c", lock + "%2Fa%40b%3Ac", lock + "%2fa%40b:c"}) {
            var answer = RawHttp.send(RestAssured.port, "GET", "/v1/locks/" + path, "", "");
            assertEquals(200, answer.status(), path);
            assertEquals(
                    true,
                    answer.body()
                            .contains("\"name\":\"" + lock
                                    + "/a@b:c\",\"mode\":\"exclusive\",\"limit\":1,\"holders\":[{"),
                    answer.body());
        }
    }

    @Test
    void locksInUseAreListedByPrefixAndStatePageByPage() {
        String prefix = fresh("team") + "/";
        String session = session();
        for (String name : new String[] {"a", "b", "c"}) {
            take(fresh("grant"), session, prefix + name, "0s", "0s").statusCode(201);
        }
        take(fresh("grant"), session, prefix + "b", "5m", "0s").statusCode(202);
        String next = given().queryParam("prefix", prefix)
                .queryParam("limit", 2)
                .get("/v1/locks")
                .then()
                .statusCode(200)
                .body("locks.name", contains(prefix + "a", prefix + "b"))
                .extract()
                .path("next");
        given().queryParam("prefix", prefix)
                .queryParam("after", next)
                .get("/v1/locks")
                .then()
                .statusCode(200)
                .body("locks.name", contains(prefix + "c"))
                .body("next", nullValue());
        given().queryParam("prefix", prefix)
                .queryParam("state", "waiting")
                .get("/v1/locks")
                .then()
                .statusCode(200)
                .body("locks.name", contains(prefix + "b"));
    }

    @Test
    void aTokenIsGoodAsLongAsItsGrantHoldsTheLock() {
        String lock = fresh("a") + "/b";
        String grant = fresh("grant");
        int token = take(grant, session(), lock, "0s", "0s")
                .statusCode(201)
                .extract()
                .path("token");
        check(lock, token).body("valid", equalTo(true)).body("current", equalTo(token));
        check(lock, token + 1).body("valid", equalTo(false)).body("current", equalTo(token));
        given().delete("/v1/grants/{id}", grant).then().statusCode(204);
        check(lock, token).body("valid", equalTo(false)).body("current", nullValue());
    }

    @Test
    void oneCallTakesALockForAShellAndDeletingTheGrantEndsBoth() {
        String lock = fresh("nightly") + "/backup";
        var taken = given().post("/v1/locks/" + lock + "?ttl=60s&wait=10s")
                .then()
                .statusCode(201)
                .body("state", equalTo("granted"))
                .body("lock", equalTo(lock))
                .extract();
        problem(given().post("/v1/locks/" + lock + "?ttl=60s").then(), 423, "lock-held");
        given().post("/v1/locks/" + lock + "?ttl=60s&wait=10s&poll=0s")
                .then()
                .statusCode(202)
                .body("position", equalTo(1));
        given().delete(taken.header("Location")).then().statusCode(204);
        given().get("/v1/sessions/{id}", taken.<String>path("session")).then().statusCode(410);
    }

    @Test
    void theLeaseOfTheOneCallCountsFromTheGrantHoweverLongItWaited() {
        String lock = fresh("nightly");
        String holder = fresh("holder");
        take(holder, session(), lock, "0s", "0s").statusCode(201);
        String key = fresh("key");
        var held = CompletableFuture.supplyAsync(() -> given().header("Idempotency-Key", key)
                .post("/v1/locks/{name}?ttl=6s&wait=5m", lock)
                .then());
        eventually(
                "the ticket is in line",
                () -> given().get("/v1/grants/{id}", key).statusCode() == 200);
        // Sessions that nobody keeps alive, one after the other: the ticket's own would be over by then.
        endOfASession("6s");
        endOfASession("1s");
        release(holder);
        var granted = held.orTimeout(50, TimeUnit.SECONDS).join();
        granted.statusCode(201)
                .body("id", equalTo(key))
                .body("state", equalTo("granted"))
                .body("ttlMs", equalTo(6_000))
                .body("driftPerMille", equalTo(1))
                .body("elapsedMs", greaterThanOrEqualTo(7_000));
    }

    private static void endOfASession(String ttl) {
        String session = json("{'ttl':'" + ttl + "'}")
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        eventually(
                "a session of " + ttl + " ends",
                () -> given().get("/v1/sessions/{id}", session).statusCode() == 410);
    }

    @Test
    void theTicketOfAOneCallWhoseClientHungUpGoesAway() throws Exception {
        String lock = fresh("nightly");
        take(fresh("holder"), session(), lock, "0s", "0s").statusCode(201);
        String key = fresh("key");
        String request = "POST /v1/locks/" + lock + "?ttl=1s&wait=5m HTTP/1.1\r\nHost: localhost\r\n"
                + "Idempotency-Key: " + key + "\r\nContent-Length: 0\r\n\r\n";
        try (var socket = new Socket("localhost", RestAssured.port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            eventually(
                    "the ticket is in line",
                    () -> given().get("/v1/grants/{id}", key).statusCode() == 200);
            // Longer than its ttl: the connection keeps it.
            endOfASession("3s");
            given().get("/v1/grants/{id}", key).then().statusCode(200).body("state", equalTo("waiting"));
        }
        eventually(
                "the ticket is gone", () -> given().get("/v1/grants/{id}", key).statusCode() == 410);
    }

    @Test
    void theOneCallMayBeRepeatedWithAKey() {
        String lock = fresh("nightly");
        String key = fresh("key");
        int token = oneCall(lock, key)
                .statusCode(201)
                .body("id", equalTo(key))
                .extract()
                .path("token");
        oneCall(lock, key)
                .statusCode(200)
                .body("token", equalTo(token))
                .body("ttlMs", equalTo(60_000))
                .body("elapsedMs", greaterThanOrEqualTo(0));
        oneCall(lock, '"' + key + '"').statusCode(200).body("token", equalTo(token));
    }

    @Test
    void headAnswersAsGetWithoutABodyAndOptionsSaysWhatIsTaken() {
        given().head("/v1/locks/a/b")
                .then()
                .statusCode(200)
                .body(emptyString())
                .header("Holdfast-Node", notNullValue());
        given().options("/v1/locks/a/b")
                .then()
                .statusCode(204)
                .header("Allow", equalTo("GET, HEAD, OPTIONS, PATCH, POST"));
        given().options("/v1/locks/a/-/check").then().statusCode(204).header("Allow", equalTo("OPTIONS, POST"));
        given().options("/v1/grants/a")
                .then()
                .statusCode(204)
                .header("Allow", equalTo("DELETE, GET, HEAD, OPTIONS, PATCH, PUT"));
    }

    @Test
    void theClusterIsToldByEveryNode() {
        given().get("/v1/cluster")
                .then()
                .statusCode(200)
                .body("release", matchesPattern("\\d+\\.\\d+\\.\\d+.*"))
                .body("members", org.hamcrest.Matchers.hasSize(1))
                .body("members[0].role", equalTo("voter"))
                .body("members[0].state", equalTo("leader"))
                .body("members[0].phase", equalTo("broadcast"))
                .body("members[0].applied", notNullValue())
                .body("leader", notNullValue())
                .body("epoch", greaterThanOrEqualTo(1));
    }

    private static io.restassured.response.ValidatableResponse check(String lock, int token) {
        return json("{'token':%d}".formatted(token))
                .post("/v1/locks/" + lock + "/-/check")
                .then()
                .statusCode(200);
    }

    private static io.restassured.response.ValidatableResponse oneCall(String lock, String key) {
        return given().header("Idempotency-Key", key)
                .post("/v1/locks/{name}?ttl=60s&wait=10s", lock)
                .then();
    }
}
