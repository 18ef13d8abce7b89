package io.holdfast.server.rest;

import static io.holdfast.server.rest.Api.eventually;
import static io.holdfast.server.rest.Api.fresh;
import static io.holdfast.server.rest.Api.json;
import static io.holdfast.server.rest.Api.problem;
import static io.holdfast.server.rest.Api.session;
import static io.holdfast.server.rest.Api.take;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@QuarkusTest
class GrantResourceTest {

    /** Less than {@link #POLL}, at whose end a request is answered whatever happened before. */
    private static final int PATIENCE_SECONDS = 50;

    private static final String POLL = "55s";

    @Test
    void aFreeLockIsGrantedWithATokenAndTheSameGrantAgainIs200() {
        String grant = fresh("grant");
        String session = session();
        String lock = fresh("payments") + "/settlement";
        long token = token(take(grant, session, lock, "5m", "0s")
                .statusCode(201)
                .header("Location", equalTo("/v1/grants/" + grant))
                .body("id", equalTo(grant))
                .body("lock", equalTo(lock))
                .body("mode", equalTo("exclusive"))
                .body("state", equalTo("granted"))
                .body("session", equalTo(session))
                .body("waitedMs", greaterThanOrEqualTo(0))
                .body("position", nullValue()));
        assertTrue(token > 0);
        take(grant, session, lock, "5m", "0s").statusCode(200).body("token", equalTo((int) token));
        given().get("/v1/grants/{id}", grant)
                .then()
                .statusCode(200)
                .body("state", equalTo("granted"))
                .body("token", equalTo((int) token));
    }

    @Test
    void aHeldLockPutsTheTicketInLineAndSaysBehindWhom() {
        String session = session();
        String lock = fresh("lock");
        String holder = fresh("grant");
        String first = fresh("grant");
        String second = fresh("grant");
        take(holder, session, lock, "0s", "0s").statusCode(201);
        take(first, session, lock, "5m", "0s")
                .statusCode(202)
                .body("state", equalTo("waiting"))
                .body("position", equalTo(1))
                .body("behind", equalTo(holder))
                .body("token", nullValue());
        take(second, session, lock, "5m", "0s")
                .statusCode(202)
                .body("position", equalTo(2))
                .body("behind", equalTo(first));
        take(second, session, lock, "5m", "0s").statusCode(202).body("position", equalTo(2));
    }

    @Test
    void aTryOfAHeldLockIs423AndNamesTheHolder() {
        String session = session();
        String lock = fresh("lock");
        String holder = fresh("grant");
        int token = take(holder, session, lock, "0s", "0s")
                .statusCode(201)
                .extract()
                .path("token");
        String second = fresh("grant");
        problem(take(second, session, lock, "0s", "0s"), 423, "lock-held")
                .header("Retry-After", notNullValue())
                .body("holders.grant", contains(holder))
                .body("holders.token", contains(token))
                .body("holders.session", contains(session))
                .body("waiting", equalTo(0));
        problem(given().get("/v1/grants/{id}", second).then(), 410, "grant-ended");
    }

    @Test
    void aWaitThatIsOverIs423AndTheTicketIsGone() {
        String session = session();
        String lock = fresh("lock");
        take(fresh("grant"), session, lock, "0s", "0s").statusCode(201);
        String late = fresh("grant");
        problem(take(late, session, lock, "300ms", POLL), 423, "lock-held");
        problem(given().get("/v1/grants/{id}", late).then(), 410, "grant-ended");
    }

    @Test
    void aReleaseGrantsTheHeldRequestOfTheNextInLineWithAGreaterToken() throws Exception {
        String session = session();
        String lock = fresh("lock");
        String holder = fresh("grant");
        String next = fresh("grant");
        int token = take(holder, session, lock, "0s", "0s")
                .statusCode(201)
                .extract()
                .path("token");
        take(next, session, lock, "5m", "0s").statusCode(202);
        var held = CompletableFuture.supplyAsync(() -> take(next, session, lock, "5m", POLL));
        given().delete("/v1/grants/{id}", holder).then().statusCode(204);
        held.get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .statusCode(org.hamcrest.Matchers.oneOf(200, 201))
                .body("state", equalTo("granted"))
                .body("token", greaterThan(token));
    }

    @Test
    void aGrantIsPolledAsWell() throws Exception {
        String session = session();
        String lock = fresh("lock");
        String holder = fresh("grant");
        String next = fresh("grant");
        take(holder, session, lock, "0s", "0s").statusCode(201);
        take(next, session, lock, "5m", "0s").statusCode(202);
        given().get("/v1/grants/{id}?poll=50ms", next).then().statusCode(200).body("state", equalTo("waiting"));
        var held = CompletableFuture.supplyAsync(
                () -> given().get("/v1/grants/{id}?poll={poll}", next, POLL).then());
        given().delete("/v1/grants/{id}", holder).then().statusCode(204);
        held.get(PATIENCE_SECONDS, TimeUnit.SECONDS).statusCode(200).body("state", equalTo("granted"));
    }

    @Test
    void aCutConnectionLosesNothing() throws Exception {
        String session = session();
        String lock = fresh("lock");
        String holder = fresh("grant");
        String next = fresh("grant");
        take(holder, session, lock, "0s", "0s").statusCode(201);
        String body = "{\"session\":\"%s\",\"lock\":\"%s\",\"wait\":\"5m\"}".formatted(session, lock);
        String request = "PUT /v1/grants/" + next + "?poll=30s HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        try (var socket = new Socket("localhost", RestAssured.port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            eventually(
                    "the ticket is in line",
                    () -> given().get("/v1/locks/{name}", lock).asString().contains(next));
        }
        take(next, session, lock, "5m", "0s").statusCode(202).body("position", equalTo(1));
        given().delete("/v1/grants/{id}", holder).then().statusCode(204);
        take(next, session, lock, "5m", POLL)
                .statusCode(org.hamcrest.Matchers.oneOf(200, 201))
                .body("state", equalTo("granted"));
    }

    @Test
    void aReleaseIs204AlsoWhenRepeatedAndTheGrantIsEndedThen() {
        String session = session();
        String lock = fresh("lock");
        String grant = fresh("grant");
        take(grant, session, lock, "0s", "0s").statusCode(201);
        given().delete("/v1/grants/{id}", grant).then().statusCode(204).header("Holdfast-Revision", notNullValue());
        given().delete("/v1/grants/{id}", grant).then().statusCode(204);
        problem(given().get("/v1/grants/{id}", grant).then(), 410, "grant-ended");
        problem(take(grant, session, lock, "0s", "0s"), 410, "grant-ended");
    }

    @Test
    void aReleaseCanInsistOnTheToken() {
        String grant = fresh("grant");
        int token = take(grant, session(), fresh("lock"), "0s", "0s")
                .statusCode(201)
                .extract()
                .path("token");
        var stale = given().header("If-Match", "\"" + (token + 1) + "\"").delete("/v1/grants/{id}", grant);
        problem(stale.then(), 412, "token-stale");
        given().get("/v1/grants/{id}", grant).then().statusCode(200).body("state", equalTo("granted"));
        given().header("If-Match", "\"" + token + "\"")
                .delete("/v1/grants/{id}", grant)
                .then()
                .statusCode(204);
    }

    @Test
    void aTicketMayLeaveTheLine() {
        String session = session();
        String lock = fresh("lock");
        take(fresh("grant"), session, lock, "0s", "0s").statusCode(201);
        String second = fresh("grant");
        take(second, session, lock, "5m", "0s").statusCode(202);
        given().delete("/v1/grants/{id}", second).then().statusCode(204);
        given().get("/v1/locks/{name}", lock).then().body("waiting", equalTo(0));
    }

    @Test
    void theSameIdForAnotherLockIsRefused() {
        String session = session();
        String grant = fresh("grant");
        take(grant, session, fresh("lock"), "0s", "0s").statusCode(201);
        problem(take(grant, session, fresh("lock"), "0s", "0s"), 409, "grant-mismatch");
    }

    @Test
    void theServerChoosesAnIdWhenAskedTo() {
        String body =
                "{'session':'%s','lock':'%s','mode':'exclusive','metadata':{'reason':'nightly','n':1.50,'deep':[{}]}}"
                        .formatted(session(), fresh("lock"));
        var answer = json(body)
                .post("/v1/grants")
                .then()
                .statusCode(201)
                .body("metadata.reason", equalTo("nightly"))
                .extract();
        assertEquals("/v1/grants/" + answer.path("id"), answer.header("Location"));
        assertTrue(answer.asString().contains("{\"reason\":\"nightly\",\"n\":1.50,\"deep\":[{}]}"), answer::asString);
        given().get(answer.header("Location")).then().statusCode(200);
    }

    @Test
    void aGrantUnderAnIdOfTheServerMayBeAskedForAgainWithAKey() {
        String key = fresh("key");
        String body = "{'session':'%s','lock':'%s'}".formatted(session(), fresh("lock"));
        var first = json(body).header("Idempotency-Key", key).post("/v1/grants").then();
        first.statusCode(201).body("id", equalTo(key)).header("Location", equalTo("/v1/grants/" + key));
        json(body)
                .header("Idempotency-Key", '"' + key + '"')
                .post("/v1/grants")
                .then()
                .statusCode(200)
                .body("token", equalTo(first.extract().path("token")));
        problem(
                json(body.replace("lock-", "other-"))
                        .header("Idempotency-Key", key)
                        .post("/v1/grants")
                        .then(),
                409,
                "grant-mismatch");
    }

    @Test
    void aGrantIsTaggedWithItsToken() {
        String session = session();
        String lock = fresh("lock");
        String grant = fresh("grant");
        var taken = take(grant, session, lock, "0s", "0s").statusCode(201).extract();
        String tag = '"' + taken.path("token").toString() + '"';
        assertEquals(tag, taken.header("ETag"));
        given().get("/v1/grants/{id}", grant).then().statusCode(200).header("ETag", equalTo(tag));
        String waiting = fresh("grant");
        take(waiting, session, lock, "5m", "0s").statusCode(202).header("ETag", nullValue());
        given().header("If-Match", tag).delete("/v1/grants/{id}", grant).then().statusCode(204);
    }

    @Test
    void aReleaseThatNamesItsTokenHearsThatTheGrantWasLost() {
        String session = session();
        String lock = fresh("lock");
        String broken = fresh("grant");
        String closed = fresh("grant");
        String tagOfBroken = take(broken, session, lock, "0s", "0s").extract().header("ETag");
        json("{'grant':'%s','reason':'stuck'}".formatted(broken))
                .post("/v1/locks/{name}/-/break", lock)
                .then()
                .statusCode(200);
        String tagOfClosed = take(closed, session, fresh("lock"), "0s", "0s")
                .statusCode(201)
                .extract()
                .header("ETag");
        given().delete("/v1/sessions/{id}", session).then().statusCode(204);

        problem(delete(broken, tagOfBroken), 410, "grant-ended").body("detail", containsString("stuck"));
        problem(delete(closed, tagOfClosed), 410, "session-ended");
        given().delete("/v1/grants/{id}", broken).then().statusCode(204);
        given().delete("/v1/grants/{id}", closed).then().statusCode(204);
        problem(delete(closed, "\"9007199254740991\""), 412, "token-stale");
    }

    @Test
    void onesOwnReleaseWithItsTokenMayBeRepeated() {
        String grant = fresh("grant");
        String tag = take(grant, session(), fresh("lock"), "0s", "0s").extract().header("ETag");
        delete(grant, tag).statusCode(204);
        delete(grant, tag).statusCode(204);
    }

    private static ValidatableResponse delete(String grant, String tag) {
        return given().header("If-Match", tag).delete("/v1/grants/{id}", grant).then();
    }

    @Test
    void aGrantNobodyTookIsUnknown() {
        problem(given().get("/v1/grants/nobody-took-this").then(), 404, "grant-unknown");
        problem(delete("nobody-took-this", "\"7\""), 404, "grant-unknown");
    }

    @Test
    void aCancelThatOvertakesItsRequestWins() {
        String grant = fresh("grant");
        String lock = fresh("lock");
        given().delete("/v1/grants/{id}", grant).then().statusCode(204);
        problem(take(grant, session(), lock, "5m", "0s"), 410, "grant-ended");
        given().get("/v1/locks/{name}", lock).then().body("used", equalTo(0));
    }

    private static long token(ValidatableResponse answer) {
        return answer.extract().jsonPath().getLong("token");
    }
}
