package io.holdfast.server.rest;

import static io.holdfast.server.rest.Api.fresh;
import static io.holdfast.server.rest.Api.problem;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.server.SseClient;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What lists and streams show to callers that may not read everything. */
@QuarkusTest
class ViewsTest {

    private static final String FILTERED = "Holdfast-Filtered";

    private final String admin = TestTokens.of("views-admin");
    private final String tenant = TestTokens.of("views-tenant");
    private final String other = TestTokens.of("views-other");
    private final String root = fresh("views") + "/";

    @BeforeEach
    void enforce() {
        rules(root + "mine/", root + "shared");
    }

    @AfterEach
    void openAgain() {
        as(admin, "{'mode':'open'}").put("/v1/acl?force=true").then().statusCode(200);
    }

    /** Lets the tenant acquire some names, the administrator do everything, and the other one all with locks. */
    private void rules(String... tenants) {
        List<String> rules = new ArrayList<>();
        for (String locks : tenants) {
            rules.add("{'verbs':['acquire'],'locks':'" + locks + "'}");
        }
        as(
                        admin,
                        "{'mode':'enforce','policies':{'all':[{'verbs':['admin']},{'verbs':['acquire'],'locks':''}],"
                                + "'locks':[{'verbs':['acquire'],'locks':''}],'tenant':[" + String.join(",", rules)
                                + "]},'bindings':[{'policy':'all','to':['jwt:test:views-admin']},"
                                + "{'policy':'locks','to':['jwt:test:views-other']},"
                                + "{'policy':'tenant','to':['jwt:test:views-tenant','key:views-*']}]}")
                .put("/v1/acl")
                .then()
                .statusCode(200);
    }

    private static RequestSpecification as(String credential) {
        return given().header("Authorization", "Bearer " + credential);
    }

    private static RequestSpecification as(String credential, String body) {
        return as(credential).contentType("application/json").body(body.replace('\'', '"'));
    }

    private static String session(String credential) {
        return as(credential, "{'ttl':'10m'}")
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private ValidatableResponse take(String credential, String session, String grant, String... locks) {
        List<String> names = new ArrayList<>();
        for (String lock : locks) {
            names.add("{'name':'" + root + lock + "'}");
        }
        String body = "{'session':'" + session + "','wait':'5m','locks':[" + String.join(",", names) + "]}";
        return as(credential, body).put("/v1/grants/" + grant + "?poll=0s").then();
    }

    private static URI events(String query) {
        return URI.create("http://localhost:" + RestAssured.port + "/v1/events" + query);
    }

    private static SseClient.Event change(SseClient stream) throws InterruptedException {
        return stream.next(event -> event.event().equals("change"));
    }

    @Test
    void aListLeavesOutWhatMayNotBeRead() {
        String session = session(other);
        take(other, session, fresh("v"), "mine/1", "mine/2", "other/1", "shared")
                .statusCode(201);
        take(other, session, fresh("v"), "a", "sharedx", "z").statusCode(201);

        String next = as(tenant)
                .get("/v1/locks?limit=2&prefix=" + root)
                .then()
                .statusCode(200)
                .header(FILTERED, "true")
                .body("locks.name", contains(root + "mine/1", root + "mine/2"))
                .extract()
                .path("next");
        assertEquals(root + "mine/2", next);
        as(tenant)
                .get("/v1/locks?limit=2&prefix=" + root + "&after=" + next)
                .then()
                .header(FILTERED, "true")
                .body("locks.name", contains(root + "shared"))
                .body("next", nullValue());
        as(tenant)
                .get("/v1/locks?prefix=" + root + "&after=" + root + "other/0")
                .then()
                .statusCode(200)
                .body("locks.name", contains(root + "shared"));
        as(tenant)
                .get("/v1/locks?prefix=" + root + "mine/")
                .then()
                .statusCode(200)
                .header(FILTERED, nullValue())
                .body("locks", not(empty()));
        as(tenant)
                .get("/v1/locks?prefix=" + root + "shared")
                .then()
                .statusCode(200)
                .header(FILTERED, equalTo("true"));
        problem(as(tenant).get("/v1/locks?prefix=" + root + "other/").then(), 403, "forbidden")
                .body("verb", equalTo("read"))
                .body("lock", equalTo(root + "other/"));
        as(other).get("/v1/locks?prefix=" + root).then().header(FILTERED, nullValue());
        as(other).delete("/v1/sessions/" + session).then().statusCode(204);
    }

    /** Also with {@code since} and {@code Last-Event-ID}, and in batches. */
    @Test
    void aStreamTellsNothingBeyondItsPrefixes() throws Exception {
        String session = session(other);
        String seen;
        try (var stream = SseClient.as(tenant, events("?prefix=" + root), null)) {
            assertEquals("true", stream.header(FILTERED));
            stream.next();
            take(other, session, fresh("v"), "other/1").statusCode(201);
            take(other, session, fresh("v"), "mine/1", "other/2", "shared").statusCode(201);
            var granted = change(stream);
            assertEquals(2, granted.data().get("changes").size());
            assertEquals(root + "mine/1", granted.data().at("/changes/0/lock").asText());
            assertEquals(root + "shared", granted.data().at("/changes/1/lock").asText());
            seen = granted.id();
        }
        take(other, session, fresh("v"), "other/3").statusCode(201);
        take(other, session, fresh("v"), "mine/2").statusCode(201);
        try (var stream = SseClient.as(tenant, events("?prefix=" + root), seen)) {
            var next = change(stream).data().get("changes");
            assertEquals(1, next.size());
            assertEquals(root + "mine/2", next.at("/0/lock").asText());
        }
        as(tenant)
                .accept("application/json")
                .get("/v1/events?prefix=" + root + "&since=" + seen)
                .then()
                .statusCode(200)
                .header(FILTERED, "true")
                .body("events.data.changes.flatten().lock", contains(root + "mine/2"));
        // The state, or all that led to it: without a prefix and without what is about no lock.
        as(tenant)
                .accept("application/json")
                .get("/v1/events?since=0-0")
                .then()
                .statusCode(200)
                .header(FILTERED, "true")
                .body("events.data.changes.flatten().findAll { it?.lock != null }.lock", everyItem(startsWith(root)))
                .body("events.data.changes.flatten().findAll { it?.session == '" + session + "' && !it.lock }", empty())
                .body("events.data.changes.flatten().findAll { it?.kind == 'member-changed' }", empty());
        problem(as(tenant).get("/v1/events?prefix=" + root + "other/").then(), 403, "forbidden");
        as(other).delete("/v1/sessions/" + session).then().statusCode(204);
    }

    @Test
    void aStreamEndsWhenARightOfItsPrefixIsTakenAndGoesOnWhenOthersChange() throws Exception {
        String session = session(other);
        try (var both = SseClient.as(tenant, events("?prefix=" + root), null);
                var mine = SseClient.as(tenant, events("?prefix=" + root + "mine/"), null)) {
            assertNull(mine.header(FILTERED));
            both.next();
            mine.next();
            rules(root + "mine/", root + "shared", root + "more/");
            assertEquals(
                    "widened",
                    both.next(event -> !event.event().equals("bookmark")).event());
            take(other, session, fresh("v"), "more/1").statusCode(201);
            assertEquals(
                    root + "more/1", change(both).data().at("/changes/0/lock").asText());
            rules(root + "mine/", root + "more/");
            take(other, session, fresh("v"), "shared", "mine/1").statusCode(201);

            assertEquals(
                    "end", both.next(event -> !event.event().equals("bookmark")).event());
            var changes = change(mine).data().get("changes");
            assertEquals(1, changes.size());
            assertEquals(root + "mine/1", changes.at("/0/lock").asText());
        }
        as(other).delete("/v1/sessions/" + session).then().statusCode(204);
    }

    @Test
    void sessionsAreShownToTheirOwnerAndToAdministratorsOfSessions() throws Exception {
        String name = fresh("views-name");
        try (var stream = SseClient.as(tenant, events("?kinds=session-opened,session-ended"), null)) {
            stream.next();
            String others = named(other, name);
            String own = named(tenant, name);
            var opened = change(stream).data().get("changes");
            assertEquals(1, opened.size());
            assertEquals(own, opened.at("/0/session").asText());
            as(tenant)
                    .get("/v1/sessions?prefix=" + name)
                    .then()
                    .statusCode(200)
                    .header(FILTERED, "true")
                    .body("sessions.id", contains(own));
            as(admin)
                    .get("/v1/sessions?prefix=" + name)
                    .then()
                    .header(FILTERED, nullValue())
                    .body("sessions.id", contains(others, own));
            as(other).delete("/v1/sessions/" + others).then().statusCode(204);
            as(tenant).delete("/v1/sessions/" + own).then().statusCode(204);
            var ended = change(stream).data().get("changes");
            assertEquals(1, ended.size());
            assertEquals(own, ended.at("/0/session").asText());
        }
    }

    private static String named(String credential, String name) {
        return as(credential, "{'ttl':'10m','name':'" + name + "'}")
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    @Test
    void aDeletedKeyEndsItsStreams() throws Exception {
        var made = as(admin, "{'name':'views-key','expires':'1h'}")
                .post("/v1/acl/keys")
                .then()
                .statusCode(201)
                .extract();
        String key = made.path("key");
        String id = made.path("id");
        String session = session(key);
        URI attach =
                URI.create("http://localhost:" + RestAssured.port + "/v1/sessions/" + session + "/attach?renew=false");
        try (var stream = SseClient.as(key, events("?prefix=" + root), null);
                var attached = SseClient.as(key, attach, null)) {
            stream.next();
            assertEquals("attached", attached.next().event());
            as(admin).delete("/v1/acl/keys/" + id).then().statusCode(204);
            assertEquals(
                    "end",
                    stream.next(event -> !event.event().equals("bookmark")).event());
            assertEquals(
                    "end",
                    attached.next(event -> !event.event().equals("bookmark")).event());
        }
    }

    @Test
    void aStreamSaysThatItsCredentialEnds() throws IOException, InterruptedException {
        String ending = TestTokens.lasting(-5, "views-tenant");
        String session = session(tenant);
        URI attach =
                URI.create("http://localhost:" + RestAssured.port + "/v1/sessions/" + session + "/attach?renew=false");
        try (var stream = SseClient.as(ending, events("?prefix=" + root), null);
                var attached = SseClient.as(ending, attach, null)) {
            for (SseClient each : List.of(stream, attached)) {
                var said = each.next(event -> event.event().equals("reauthenticate"));
                assertTrue(said.data().get("leftMs").asLong() <= 30_000);
            }
        }
        as(tenant).delete("/v1/sessions/" + session).then().statusCode(204);
    }

    @Test
    void cyclesTellNothingHidden() {
        String mine = session(tenant);
        String first = session(other);
        String second = session(other);
        take(tenant, mine, fresh("v"), "mine/a").statusCode(201);
        take(other, first, fresh("v"), "mine/b").statusCode(201);
        take(other, second, fresh("v"), "other/x").statusCode(201);
        String hidden = fresh("v");
        take(other, first, hidden, "other/x").statusCode(202);
        take(other, second, fresh("v"), "mine/a").statusCode(202);
        String refusal = problem(take(tenant, mine, fresh("v"), "mine/b"), 409, "deadlock")
                .body("cycle", not(empty()))
                .body("cycle.lock", everyItem(startsWith(root + "mine/")))
                .extract()
                .asString();
        assertFalse(refusal.contains(root + "other/"), refusal);
        assertFalse(refusal.contains(hidden), refusal);
        problem(
                as(tenant)
                        .get("/v1/locks/" + root + "mine/a/-/why?grant=" + hidden)
                        .then(),
                404,
                "grant-unknown");
        as(tenant).delete("/v1/sessions/" + mine).then().statusCode(204);
        as(other).delete("/v1/sessions/" + first).then().statusCode(204);
        as(other).delete("/v1/sessions/" + second).then().statusCode(204);
    }
}
