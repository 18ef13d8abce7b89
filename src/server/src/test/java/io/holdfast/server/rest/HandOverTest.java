package io.holdfast.server.rest;

import static io.holdfast.server.rest.Api.ask;
import static io.holdfast.server.rest.Api.eventually;
import static io.holdfast.server.rest.Api.fresh;
import static io.holdfast.server.rest.Api.json;
import static io.holdfast.server.rest.Api.problem;
import static io.holdfast.server.rest.Api.release;
import static io.holdfast.server.rest.Api.session;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hand-overs, broken locks, delays after an expiry, and the explanation of a wait, as clients see them. */
@QuarkusTest
class HandOverTest {

    private final String lock = fresh("lock");
    private final String holder = fresh("holder");
    private final String first = fresh("first");
    private final String second = fresh("second");
    private String owner;
    private int token;

    @BeforeEach
    void holdTheLockAndLetTwoWait() {
        owner = session();
        token = ask(holder, owner, "'lock':'" + lock + "'").extract().path("token");
        ask(first, session(), "'lock':'" + lock + "','wait':'5m'").statusCode(202);
        ask(second, session(), "'lock':'" + lock + "','wait':'5m'").statusCode(202);
    }

    @Test
    void aHolderThatIsAskedToYieldDecidesWhoIsNext() {
        transfer("{'to':'" + second + "','drain':'5m'}").statusCode(202).body("id", equalTo(holder));
        given().post("/v1/sessions/{id}/keepalive", owner)
                .then()
                .body("notices.kind", contains("yield-requested"))
                .body("notices.grant", contains(holder))
                .body("notices.to", contains(second))
                .body("notices.drainMs", contains(300_000));
        problem(given().delete("/v1/grants/{id}?to={to}", holder, second).then(), 400, "invalid-request");
        given().header("If-Match", "\"" + token + "\"")
                .delete("/v1/grants/{id}?to={to}", holder, second)
                .then()
                .statusCode(204);
        state(second).body("state", equalTo("granted")).body("token", greaterThan(token));
        state(first).body("state", equalTo("waiting")).body("position", equalTo(1));
    }

    @Test
    void aWishAloneMovesNobodyAhead() {
        transfer("{'to':'" + second + "','drain':'5m'}").statusCode(202);
        release(holder);
        state(first).body("state", equalTo("granted"));
    }

    @Test
    void aWishThatIsNotFollowedLapses() {
        transfer("{'to':'" + second + "','drain':'100ms'}").statusCode(202);
        eventually(
                "the wish lapses",
                () -> given().post("/v1/sessions/{id}/keepalive", owner)
                        .jsonPath()
                        .getList("notices")
                        .isEmpty());
        release(holder);
        state(first).body("state", equalTo("granted"));
    }

    @Test
    void theHolderItselfHandsOverAtOnce() {
        var own = json("{'to':'" + second + "'}").header("If-Match", "\"" + token + "\"");
        own.post("/v1/grants/{id}/transfer", holder)
                .then()
                .statusCode(200)
                .body("id", equalTo(second))
                .body("state", equalTo("granted"));
        problem(given().get("/v1/grants/{id}", holder).then(), 410, "grant-ended");
    }

    @Test
    void onlyATicketInLineForTheLockCanBeMeant() {
        problem(transfer("{'to':'" + fresh("nobody") + "'}"), 409, "transfer-refused");
        problem(
                json("{'to':'" + second + "'}")
                        .post("/v1/grants/{id}/transfer", first)
                        .then(),
                409,
                "transfer-refused");
        var stale = json("{'to':'" + second + "'}").header("If-Match", "\"" + (token + 1_000_000) + "\"");
        problem(stale.post("/v1/grants/{id}/transfer", holder).then(), 412, "token-stale");
    }

    @Test
    void aBrokenLockGoesToTheNextAndSaysWhoAndWhy() {
        take("'after':'0s'").statusCode(200).body("id", equalTo(holder));
        state(first).body("state", equalTo("granted"));
        problem(given().get("/v1/grants/{id}", holder).then(), 410, "grant-ended")
                .body("detail", containsString("127.0.0.1: stuck"));
        problem(take(""), 410, "grant-ended");
    }

    @Test
    void forwardedHeadersChangeNothing() {
        json("{'grant':'" + holder + "','reason':'stuck'}")
                .header("X-Forwarded-For", "192.0.2.7")
                .header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-Host", "holdfast.example.com")
                .header("Forwarded", "for=192.0.2.7;proto=https")
                .header("X-SSL-Client-Cert", "root")
                .header("X-Real-IP", "192.0.2.7")
                .post("/v1/locks/{name}/-/break", lock)
                .then()
                .statusCode(200);
        problem(given().get("/v1/grants/{id}", holder).then(), 410, "grant-ended")
                .body("detail", containsString("127.0.0.1: stuck"));
    }

    @Test
    void aHolderIsWarnedBeforeItsLockIsTaken() {
        take("'after':'5m'").statusCode(202);
        given().post("/v1/sessions/{id}/keepalive", owner)
                .then()
                .body("notices.kind", contains("break-announced"))
                .body("notices.reason", contains("stuck"));
        state(holder).body("state", equalTo("granted"));
    }

    @Test
    void aHolderThatDoesNotHeedItsWarningLosesItsLock() {
        take("'after':'100ms'").statusCode(202);
        eventually(
                "the lock is taken",
                () -> given().get("/v1/grants/{id}", holder).statusCode() == 410);
        state(first).body("state", equalTo("granted"));
    }

    @Test
    void aTicketIsTakenOutOfLineAtOnceAndNotWarned() {
        String body = "{'grant':'" + second + "','reason':'in the way'";
        problem(
                json(body + ",'after':'1m'}")
                        .post("/v1/locks/{name}/-/break", lock)
                        .then(),
                409,
                "grant-waiting");
        json(body + "}")
                .post("/v1/locks/{name}/-/break", lock)
                .then()
                .statusCode(200)
                .body("id", equalTo(second));
        problem(given().get("/v1/grants/{id}", second).then(), 410, "grant-ended")
                .body("detail", containsString("in the way"));
    }

    @Test
    void aSetThatKeepsALockFromOthersIsShown() {
        String free = fresh("free");
        String set = fresh("set");
        ask(set, session(), "'locks':[{'name':'" + lock + "'},{'name':'" + free + "'}],'wait':'24h'")
                .statusCode(202)
                .body("waitMs", equalTo(600_000));
        given().get("/v1/locks/{name}", free).then().body("used", equalTo(0)).body("promisedTo", contains(set));
    }

    @Test
    void aLockThatIsBrokenOrWhoseSessionIsForcedToEndStaysClosedForTheLockDelay() {
        String session = delayed();
        String broken = fresh("broken");
        String forced = fresh("forced");
        String grant = fresh("grant");
        ask(grant, session, "'lock':'" + broken + "'").statusCode(201);
        ask(fresh("grant"), session, "'lock':'" + forced + "'").statusCode(201);
        json("{'grant':'" + grant + "','reason':'stuck'}")
                .post("/v1/locks/{name}/-/break", broken)
                .then()
                .statusCode(200);
        given().get("/v1/locks/{name}", broken).then().body("delayMs", equalTo(60_000));
        given().delete("/v1/sessions/{id}?force=true", session).then().statusCode(204);
        given().get("/v1/locks/{name}", forced).then().body("delayMs", equalTo(60_000));

        String own = delayed();
        String left = fresh("left");
        ask(fresh("grant"), own, "'lock':'" + left + "'").statusCode(201);
        given().delete("/v1/sessions/{id}", own).then().statusCode(204);
        given().get("/v1/locks/{name}", left).then().body("delayMs", equalTo(0));
    }

    @Test
    void aSessionWhoseClientIsConfirmedDeadExpiresAndLeavesItsLocksClosed() {
        String session = delayed();
        String lock = fresh("dead");
        String grant = fresh("grant");
        ask(grant, session, "'lock':'" + lock + "'").statusCode(201);
        given().delete("/v1/sessions/{id}?cause=gone", session).then().statusCode(400);
        String since = given().delete("/v1/sessions/{id}?cause=dead", session)
                .then()
                .statusCode(204)
                .extract()
                .header("Holdfast-Revision");
        given().get("/v1/locks/{name}", lock).then().body("delayMs", equalTo(60_000));
        given().get("/v1/grants/{id}", grant).then().statusCode(410).body("detail", containsString("confirmed dead"));
        given().post("/v1/sessions/{id}/keepalive", session).then().statusCode(410);
        given().delete("/v1/sessions/{id}?cause=dead", session).then().statusCode(204);
        String before = Long.parseLong(since.split("-")[0]) + "-" + (Long.parseLong(since.split("-")[1]) - 1);
        given().accept("application/json")
                .get("/v1/events?since={since}&prefix={lock}&poll=10s", before, lock)
                .then()
                .statusCode(200)
                .body("events[0].data.changes[0].kind", equalTo("expired"))
                .body("events[0].data.changes[0].cause", equalTo("confirmed-dead"));
    }

    @Test
    void aReleaseMayLeaveTheLockClosedWhateverBecomesOfItsClient() {
        String lock = fresh("closed");
        String session = session();
        String holder = fresh("grant");
        String next = fresh("grant");
        Api.take(holder, session, lock, "0s", "0s").statusCode(201);
        Api.take(next, session(), lock, "5m", "0s").statusCode(202);
        given().delete("/v1/grants/{id}?closedFor=3s", holder).then().statusCode(204);
        given().delete("/v1/sessions/{id}", session).then().statusCode(204);
        given().get("/v1/locks/{name}", lock).then().body("delayMs", equalTo(3_000));
        problem(Api.take(fresh("grant"), session(), lock, "0s", "0s"), 423, "lock-delayed")
                .header("Retry-After", equalTo("3"));
        given().get("/v1/grants/{id}?poll=50s", next).then().body("state", equalTo("granted"));
    }

    @Test
    void aReleaseThatWouldCloseALockSaysThatTheGrantWasLostBefore() {
        String session = session();
        String grant = fresh("grant");
        Api.take(grant, session, fresh("closed"), "0s", "0s").statusCode(201);
        given().delete("/v1/sessions/{id}", session).then().statusCode(204);
        given().delete("/v1/grants/{id}", grant).then().statusCode(204);
        given().delete("/v1/grants/{id}?closedFor=1s", grant).then().statusCode(410);
    }

    @Test
    void howLongALockStaysClosedHasBoundsAndIsNotForATransfer() {
        String grant = fresh("grant");
        for (String query : List.of("closedFor=24h1s", "closedFor=x", "closedFor=1s&to=next")) {
            problem(
                            given().header("If-Match", "\"1\"")
                                    .delete("/v1/grants/{id}?" + query, grant)
                                    .then(),
                            400,
                            "invalid-request")
                    .body("violations[0].field", equalTo("closedFor"));
        }
    }

    private static String delayed() {
        return json("{'ttl':'10m','lockDelay':'60s'}")
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    @Test
    void whyTellsInWordsAndNumbersBehindWhomATicketStands() {
        given().get("/v1/locks/{name}/-/why?grant={grant}", lock, second)
                .then()
                .statusCode(200)
                .body("grant.id", equalTo(second))
                .body("words", containsString(second + " waits for " + lock + ", which is held by " + holder))
                .body("waitMs", equalTo(300_000))
                .body("waitsAt.lock", contains(lock))
                .body("waitsAt[0].position", equalTo(2))
                .body("waitsAt[0].behind.grant", contains(holder, first))
                .body("deadlock", equalTo(false));
        given().get("/v1/locks/{name}/-/why?grant={grant}", lock, holder)
                .then()
                .statusCode(200)
                .body("waitsAt", hasSize(0));
        problem(
                given().get("/v1/locks/{name}/-/why?grant={grant}", fresh("lock"), second)
                        .then(),
                404,
                "grant-unknown");
    }

    @Test
    void aLockStaysClosedAfterItsHolderExpired() {
        // Long enough to take a lock on a machine that is busy.
        String mortal = json("{'ttl':'5s','lockDelay':'60s'}")
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        String name = fresh("lock");
        ask(fresh("grant"), mortal, "'lock':'" + name + "'").statusCode(201);
        eventually(
                "the session expires",
                () -> given().get("/v1/sessions/{id}", mortal).statusCode() == 410);
        String late = fresh("late");
        problem(ask(late, owner, "'lock':'" + name + "'"), 423, "lock-delayed")
                .header("Retry-After", equalTo("60"))
                .body("delayMs", equalTo(60_000));
        problem(ask(late, owner, "'lock':'" + name + "'"), 423, "lock-delayed");
        given().get("/v1/locks/{name}", name).then().body("delayMs", equalTo(60_000));
    }

    private ValidatableResponse transfer(String body) {
        return json(body).post("/v1/grants/{id}/transfer", holder).then();
    }

    private ValidatableResponse take(String more) {
        String body = "{'grant':'" + holder + "','reason':'stuck'" + (more.isEmpty() ? "" : "," + more) + "}";
        return json(body).post("/v1/locks/{name}/-/break", lock).then();
    }

    private static ValidatableResponse state(String grant) {
        return given().get("/v1/grants/{id}", grant).then().statusCode(200);
    }
}
