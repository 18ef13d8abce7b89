package io.holdfast.nodes;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Sessions and what lives and dies with them, elections among it. */
abstract class SessionRecipes extends Recipe {

    private final String mine = fresh("mine");
    private final String next = fresh("next");

    @Test
    void aSessionIsOpenedKeptAliveAndEnded() {
        var session = openSession("'ttl':'5m','name':'billing'");
        post("/v1/sessions/" + session + "/keepalive", "").statusCode(200).body("ttlMs", equalTo(300_000));
        get("/v1/sessions/" + session).statusCode(200).body("name", equalTo("billing"));
        delete("/v1/sessions/" + session).statusCode(204);
        problem(410, "session-ended", post("/v1/sessions/" + session + "/keepalive", ""));
        problem(404, "session-unknown", get("/v1/sessions/1-4000000000"));
    }

    @Test
    void aSessionIsFoundAgainByItsKey() {
        var key = fresh("key");
        var first = post("/v1/sessions", "{'ttl':'10m'}", "Idempotency-Key", key);
        var again = post("/v1/sessions", "{'ttl':'10m'}", "Idempotency-Key", key);
        assertEquals(
                first.statusCode(oneOf(200, 201)).extract().jsonPath().getString("id"),
                again.statusCode(200).extract().jsonPath().getString("id"));
        assertNotEquals(openSession(), openSession());
    }

    @Test
    void sessionsAreListedByName() {
        var node = fresh("node");
        var one = openSession("'ttl':'10m','name':'" + node + "/a'");
        var two = openSession("'ttl':'10m','name':'" + node + "/b'");
        openSession("'ttl':'10m','name':'other'");
        get("/v1/sessions?prefix=" + node + "/").statusCode(200).body("sessions.id", contains(one, two));
        get("/v1/sessions?limit=1000").statusCode(200).body("sessions.id", hasItem(two));
    }

    @Test
    void manySessionsAreKeptAliveAtOnce() {
        var one = openSession();
        var ended = openSession();
        delete("/v1/sessions/" + ended).statusCode(204);
        post("/v1/sessions/-/keepalive", "{'ids':['" + one + "','" + ended + "']}")
                .statusCode(200)
                .body("sessions.state", contains("alive", "ended"));
    }

    @Test
    void aSessionShowsWhatItHasAndHowLongItLives() throws Exception {
        var session = openSession();
        hold(mine, session, "");
        var leader = RecipesIT.NODES.ensemble().awaitLeader();
        given().baseUri(RecipesIT.NODES.ensemble().uri(leader).toString())
                .get("/v1/sessions/" + session)
                .then()
                .statusCode(200)
                .body("ttlMs", equalTo(600_000))
                .body("ttlLeftMs", greaterThan(0))
                .body("ttlLeftMs", lessThanOrEqualTo(600_000))
                .body("grants.id", contains(mine))
                .body("grants.lock", contains(lock));
    }

    @Test
    void theEndOfASessionReleasesAllItHas() {
        var session = openSession();
        hold(mine, session, "");
        ask(fresh("waits"), openSession(), "'lock':'" + lock + "/other'").body("state", equalTo("granted"));
        var ticket = fresh("ticket");
        ask(ticket, session, "'lock':'" + lock + "/other'" + WAITS).statusCode(202);
        delete("/v1/sessions/" + session).statusCode(204);
        lock().body("used", equalTo(0));
        problem(410, "session-ended", get("/v1/grants/" + ticket));
        problem(410, "session-ended", take(next, session, ""));
    }

    @Test
    void aConnectionKeepsASessionAliveAndSaysWhatHappens() throws Exception {
        hold(mine, openSession(), "");
        var session = openSession("'ttl':'5s'");
        take(next, session, WAITS).statusCode(202);
        try (var attached = stream("/v1/sessions/" + session + "/attach")) {
            assertEquals("waiting", attached.next().data().at("/grants/0/state").asText());
            attached.next(event -> event.event().equals("renewed")
                    && event.data().get("elapsedMs").asLong() > 6_000);
            release(mine);
            var granted = attached.next(event -> event.event().equals("granted"));
            assertEquals(next, granted.data().get("grant").asText());
            delete("/v1/sessions/" + session).statusCode(204);
            attached.next(event -> event.event().equals("ended"));
        }
    }

    @Test
    void aHolderHearsThatItLostItsLock() throws Exception {
        var session = openSession();
        hold(mine, session, "");
        try (var attached = stream("/v1/sessions/" + session + "/attach")) {
            assertEquals("attached", attached.next().event());
            post("/v1/locks/" + lock + "/-/break", "{'grant':'" + mine + "','reason':'stuck','after':'0s'}");
            var lost = attached.next(event -> event.event().equals("lost"));
            assertEquals(mine, lost.data().get("grant").asText());
        }
    }

    @Test
    void aLockStaysClosedForTheLockDelayOfASessionThatExpired() {
        var mortal = openSession("'ttl':'5s','lockDelay':'60s'");
        hold(mine, mortal, "");
        lockUntil("used", 0);
        problem(423, "lock-delayed", take(next, openSession(), ""));
        lock().body("delayMs", equalTo(60_000));
    }

    @Test
    void aNameIsThereWithItsMetadataForAsLongAsItsSession() {
        var session = openSession();
        hold(mine, session, ",'metadata':{'address':'10.0.0.7:80'}");
        lock().body("holders.metadata.address", contains("10.0.0.7:80"));
        delete("/v1/sessions/" + session).statusCode(204);
        lock().body("used", equalTo(0));
    }

    @Test
    void theMembersOfAGroupAreTheSharersOfItsLock() {
        var one = openSession();
        hold(mine, one, ",'mode':'shared','metadata':{'member':'a'}");
        hold(next, openSession(), ",'mode':'shared','metadata':{'member':'b'}");
        lock().body("holders.metadata.member", contains("a", "b")).body("used", equalTo(2));
        delete("/v1/sessions/" + one).statusCode(204);
        lock().body("holders.metadata.member", contains("b"));
    }

    @Test
    void anElectionIsALineAndItsLeaderTheHolder() {
        var token = hold(mine, openSession(), ",'metadata':{'url':'a'}");
        take(next, openSession(), ",'metadata':{'url':'b'}" + WAITS).statusCode(202);
        lock().body("holders.metadata.url", contains("a")).body("waiters.metadata.url", contains("b"));
        release(mine);
        assertTrue(granted(next) > token, "a later leader has a greater token");
        lock().body("holders.metadata.url", contains("b"));
    }

    @Test
    void aLeaderThatGivesUpStandsInLineAgain() {
        var session = openSession();
        hold(mine, session, "");
        take(next, openSession(), WAITS).statusCode(202);
        release(mine);
        granted(next);
        var again = fresh("again");
        take(again, session, WAITS).statusCode(202).body("behind", equalTo(next));
        release(next);
        granted(again);
    }
}
