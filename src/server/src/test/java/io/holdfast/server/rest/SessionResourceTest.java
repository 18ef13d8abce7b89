package io.holdfast.server.rest;

import static io.holdfast.server.rest.Api.fresh;
import static io.holdfast.server.rest.Api.json;
import static io.holdfast.server.rest.Api.problem;
import static io.holdfast.server.rest.Api.session;
import static io.holdfast.server.rest.Api.take;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
class SessionResourceTest {

    @Test
    void anOpenedSessionSaysWhereItIsAndWhichTtlItGot() {
        var answer = json("{'ttl':'5m','name':'billing-7f9c','metadata':{'pod':'a'},'lockDelay':'0s'}")
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .body("ttlMs", equalTo(300_000))
                .body("driftPerMille", equalTo(1))
                .body("name", equalTo("billing-7f9c"))
                .body("ttlMinMs", lessThanOrEqualTo(300_000))
                .body("ttlMaxMs", greaterThan(300_000))
                .extract();
        assertEquals("/v1/sessions/" + answer.path("id"), answer.header("Location"));
        given().get(answer.header("Location"))
                .then()
                .statusCode(200)
                .body("name", equalTo("billing-7f9c"))
                .body("metadata.pod", equalTo("a"))
                .body("ttlMs", equalTo(300_000))
                .body("driftPerMille", equalTo(1))
                .body("grants", empty());
    }

    @Test
    void everyFieldOfASessionMayBeLeftOut() {
        given().post("/v1/sessions").then().statusCode(201).body("id", notNullValue());
        json("{}").post("/v1/sessions").then().statusCode(201).body("ttlMs", greaterThan(0));
    }

    @Test
    void aRetryWithTheSameKeyFindsTheSameSessionAndAnotherContentIsRefused() {
        String key = fresh("key");
        String first = open(key, 201);
        assertEquals(first, open(key, 200));
        assertEquals(first, open('"' + key + '"', 200), "in quotes it is the same key");
        assertNotEquals(first, open(fresh("key"), 201));
        var other = json("{'name':'b','ttl':'5m'}")
                .header("Idempotency-Key", key)
                .post("/v1/sessions")
                .then();
        problem(other, 409, "key-mismatch");
    }

    @Test
    void aKeepaliveAnswersTheTtlAndWhatIsHeldWhenAsked() {
        String session = session();
        String grant = fresh("grant");
        take(grant, session, fresh("lock"), "0s", "0s").statusCode(201);
        given().post("/v1/sessions/{id}/keepalive", session)
                .then()
                .statusCode(200)
                .body("ttlMs", equalTo(600_000))
                .body("driftPerMille", equalTo(1))
                .body("$", not(hasKey("grants")))
                .body("notices", empty());
        given().post("/v1/sessions/{id}/keepalive?grants=true", session)
                .then()
                .statusCode(200)
                .body("ttlMs", equalTo(600_000))
                .body("grants.id", contains(grant))
                .body("$", not(hasKey("moreGrants")))
                .body("grants[0].state", equalTo("granted"))
                .body("notices", empty());
    }

    @Test
    void oneKeepaliveForManySaysOfEachWhatBecameOfIt() {
        String alive = session();
        String ended = session();
        given().delete("/v1/sessions/{id}", ended).then().statusCode(204);
        json("{'ids':['%s','%s','9-9999']}".formatted(alive, ended))
                .post("/v1/sessions/-/keepalive")
                .then()
                .statusCode(200)
                .body("sessions.id", contains(alive, ended, "9-9999"))
                .body("sessions.state", contains("alive", "ended", "unknown"))
                .body("sessions.ttlMs", contains(600_000, 0, 0))
                .body("sessions.driftPerMille", contains(1, 1, 1));
    }

    @Test
    void anEndedSessionIsGoneWithAllItHadAlsoWhenItIsEndedAgain() {
        String session = session();
        String lock = fresh("lock");
        take(fresh("grant"), session, lock, "0s", "0s").statusCode(201);
        given().delete("/v1/sessions/{id}", session).then().statusCode(204).header("Holdfast-Revision", notNullValue());
        given().delete("/v1/sessions/{id}", session).then().statusCode(204);
        given().get("/v1/locks/{name}", lock).then().statusCode(200).body("holders", empty());
        problem(given().get("/v1/sessions/{id}", session).then(), 410, "session-ended");
        problem(given().post("/v1/sessions/{id}/keepalive", session).then(), 410, "session-ended");
        problem(take(fresh("grant"), session, lock, "0s", "0s"), 410, "session-ended");
    }

    @Test
    void aSessionNobodyOpenedIsUnknown() {
        problem(given().get("/v1/sessions/9-9999").then(), 404, "session-unknown");
        problem(given().post("/v1/sessions/9-9999/keepalive").then(), 404, "session-unknown");
        problem(given().delete("/v1/sessions/9-9999").then(), 404, "session-unknown");
        problem(take(fresh("grant"), "9-9999", fresh("lock"), "0s", "0s"), 404, "session-unknown");
    }

    @Test
    void sessionsAreListedByPrefixPageByPage() {
        String prefix = fresh("fleet") + ".";
        for (String name : new String[] {"a", "b", "c"}) {
            json("{'name':'%s','ttl':'10m'}".formatted(prefix + name))
                    .post("/v1/sessions")
                    .then()
                    .statusCode(201);
        }
        String next = given().get("/v1/sessions?prefix={p}&limit=2", prefix)
                .then()
                .statusCode(200)
                .body("sessions", hasSize(2))
                .body("sessions.name", contains(prefix + "a", prefix + "b"))
                .extract()
                .path("next");
        given().queryParam("prefix", prefix)
                .queryParam("after", next)
                .get("/v1/sessions")
                .then()
                .statusCode(200)
                .body("sessions.name", contains(prefix + "c"))
                .body("next", nullValue());
    }

    private static String open(String key, int status) {
        return json("{'name':'a','ttl':'5m'}")
                .header("Idempotency-Key", key)
                .post("/v1/sessions")
                .then()
                .statusCode(status)
                .header("Location", startsWith("/v1/sessions/"))
                .extract()
                .path("id");
    }
}
