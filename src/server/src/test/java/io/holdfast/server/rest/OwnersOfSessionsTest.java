package io.holdfast.server.rest;

import static io.holdfast.server.rest.Api.json;
import static io.holdfast.server.rest.Api.problem;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions and grants belong to the principals that opened and asked for them, with real keys over HTTP. */
@QuarkusTest
class OwnersOfSessionsTest {

    private static final String RULES = "{'mode':'%s','policies':{'admin':[{'verbs':['admin']}],"
            + "'owner':[{'verbs':['acquire'],'locks':'own/'}],"
            + "'reader':[{'verbs':['acquire'],'locks':'own/shared/'},{'verbs':['acquire'],'locks':'free/'}],"
            + "'other':[{'verbs':['acquire'],'locks':'free/'}],"
            + "'breaker':[{'verbs':['acquire'],'locks':'free/'},{'verbs':['read','break'],'locks':'own/shared/'}],"
            + "'sessions':[{'verbs':['acquire'],'locks':'free/'},{'verbs':['admin:sessions']}]},"
            + "'bindings':[{'policy':'admin','to':['anonymous']},{'policy':'owner','to':['key:own-owner']},"
            + "{'policy':'reader','to':['key:own-reader']},{'policy':'other','to':['key:own-other']},"
            + "{'policy':'breaker','to':['key:own-breaker']},{'policy':'sessions','to':['key:own-sessions']}]}";

    private final Map<String, String> keys = new HashMap<>();
    private final String lock = "own/shared/" + Api.fresh("lock");
    private String grant = Api.fresh("own-grant");
    private String session = "";
    private String token = "";

    @AfterEach
    void openAgain() {
        json("{'mode':'open'}").put("/v1/acl?force=true").then().statusCode(200);
    }

    private static void rules(String mode) {
        json(RULES.formatted(mode)).put("/v1/acl").then().statusCode(200);
    }

    /** Returns a request of the principal with this name. */
    private RequestSpecification as(String name) {
        String key = keys.computeIfAbsent(name, OwnersOfSessionsTest::newKey);
        return given().header("Authorization", "Bearer " + key);
    }

    private static String newKey(String name) {
        return json("{'name':'own-" + name + "','expires':'1h'}")
                .post("/v1/acl/keys")
                .then()
                .statusCode(201)
                .extract()
                .path("key");
    }

    private RequestSpecification as(String name, String body) {
        return as(name).contentType("application/json").body(body.replace('\'', '"'));
    }

    private String open(String name) {
        return as(name, "{'ttl':'10m'}")
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private ValidatableResponse acquire(String name, String of, String id, String at, String wait) {
        return as(name, "{'session':'%s','lock':'%s','wait':'%s'}".formatted(of, at, wait))
                .put("/v1/grants/" + id)
                .then();
    }

    private void held() {
        grant = Api.fresh("own-grant");
        session = open("owner");
        token = acquire("owner", session, grant, lock, "0s")
                .statusCode(201)
                .extract()
                .header("ETag");
    }

    /** What each call answers to each caller: the owner, two without a right, and two with one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keepalive|200|403 not-yours|404 session-unknown|403 not-yours|403 not-yours",
                "attach|-|403 not-yours|404 session-unknown|403 not-yours|403 not-yours",
                "attach as follower|-|403 not-yours|404 session-unknown|403 not-yours|-",
                "watch|-|403 not-yours|404 session-unknown|403 not-yours|-",
                "acquire|403 forbidden|403 not-yours|404 session-unknown|403 not-yours|403 not-yours",
                "same key|200|409 id-taken|409 id-taken|409 id-taken|409 id-taken",
                "same id|200|409 id-taken|409 id-taken|409 id-taken|409 id-taken",
                "mode|200|403 not-yours|404 grant-unknown|403 not-yours|403 not-yours",
                "transfer|409 transfer-refused|403 not-yours|404 grant-unknown|409 transfer-refused|403 not-yours",
                "hand over|409 transfer-refused|403 not-yours|404 grant-unknown|409 transfer-refused|403 not-yours",
                "break|403 forbidden|403 forbidden|403 forbidden|200|403 forbidden",
                "release|204|403 not-yours|404 grant-unknown|403 not-yours|403 not-yours",
                "release with token|204|403 not-yours|404 grant-unknown|403 not-yours|403 not-yours",
                "end|204|403 not-yours|404 session-unknown|403 not-yours|403 not-yours",
                "force|204|403 forbidden|403 forbidden|204|204",
                "dead|204|403 forbidden|403 forbidden|204|204",
                "session|200|200|404 session-unknown|200|200",
                "grant|200|200|404 grant-unknown|200|404 grant-unknown",
                "why|200|200|403 forbidden|200|403 forbidden",
            })
    void everyCallOnASessionOrAGrantAsksWhoseItIs(
            String call, String owner, String reader, String other, String breaker, String sessions) {
        rules("enforce");
        session = as("owner", "{'ttl':'10m'}")
                .header("Idempotency-Key", "k-" + grant)
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .body("owner", nullValue())
                .extract()
                .path("id");
        token = acquire("owner", session, grant, lock, "0s")
                .statusCode(201)
                .extract()
                .header("ETag");
        // The owner last: what it calls for may end what the others ask about.
        assertAnswer(call, "reader", reader);
        assertAnswer(call, "other", other);
        assertAnswer(call, "owner", owner);
        if (owner.equals("204")) {
            assertTold("reader", call);
            assertTold("other", call);
            held();
        }
        assertAnswer(call, "sessions", sessions);
        if (sessions.equals("204")) {
            held();
        }
        assertAnswer(call, "breaker", breaker);
    }

    /** What ended is like what never was, for those whose it was not. */
    private void assertTold(String name, String call) {
        if (!call.startsWith("release")) {
            problem(as(name).get("/v1/sessions/" + session).then(), 404, "session-unknown");
            problem(as(name).post("/v1/sessions/" + session + "/keepalive").then(), 404, "session-unknown");
        }
        problem(as(name).get("/v1/grants/" + grant).then(), 404, "grant-unknown");
        problem(as(name).delete("/v1/grants/" + grant).then(), 404, "grant-unknown");
    }

    private void assertAnswer(String call, String name, String expected) {
        if (expected.equals("-")) {
            return;
        }
        String[] parts = expected.split(" ");
        Response answer = call(call, name);
        assertEquals(expected, answer.statusCode() + (parts.length == 1 ? "" : " " + slug(answer)), call + " " + name);
        if (parts.length > 1 && parts[0].equals("404")) {
            String told = answer.asString();
            assertEquals(
                    told.replaceAll("[0-9]+-[0-9]+|own-[a-z0-9-]+", "ID"),
                    never(call, name).asString().replaceAll("[0-9]+-[0-9]+|own-[a-z0-9-]+", "ID"),
                    "as of one that never was");
        }
    }

    private static String slug(Response answer) {
        String type = answer.path("type");
        return type.substring(type.lastIndexOf(':') + 1);
    }

    /** The same call about what never was. */
    private Response never(String call, String name) {
        String is = session;
        session = "1-99";
        Response answer =
                call(call.equals("release") ? "release with token" : call, name, Api.fresh("own-never"), "\"99\"");
        session = is;
        return answer;
    }

    private Response call(String call, String name) {
        return call(call, name, grant, token);
    }

    private Response call(String call, String name, String id, String tag) {
        String of = "/v1/sessions/" + session;
        return switch (call) {
            case "keepalive" -> as(name).post(of + "/keepalive");
            case "attach" -> as(name).get(of + "/attach");
            case "attach as follower" -> as(name).get(of + "/attach?renew=false");
            case "watch" -> as(name).get(of + "/attach?renew=false");
            case "acquire" ->
                as(name, "{'session':'" + session + "','lock':'free/own','wait':'0s'}")
                        .put("/v1/grants/own-new");
            case "same key" ->
                as(name, "{'ttl':'10m'}").header("Idempotency-Key", "k-" + id).post("/v1/sessions");
            case "same id" ->
                as(name, "{'session':'%s','lock':'%s','wait':'0s'}".formatted(mine(name), at(name)))
                        .put("/v1/grants/" + id);
            case "mode" ->
                as(name, "{'mode':'exclusive'}").header("If-Match", tag).patch("/v1/grants/" + id);
            case "transfer" -> as(name, "{'to':'nothing'}").post("/v1/grants/" + id + "/transfer");
            case "hand over" ->
                as(name, "{'to':'nothing'}").header("If-Match", tag).post("/v1/grants/" + id + "/transfer");
            case "break" -> as(name, "{'grant':'" + id + "','reason':'x'}").post("/v1/locks/" + lock + "/-/break");
            case "release" -> as(name).delete("/v1/grants/" + id);
            case "release with token" -> as(name).header("If-Match", tag).delete("/v1/grants/" + id);
            case "end" -> as(name).delete(of);
            case "force" -> as(name).delete(of + "?force=true");
            case "dead" -> as(name).delete(of + "?cause=dead");
            case "session" -> as(name).get(of);
            case "grant" -> as(name).get("/v1/grants/" + id);
            case "why" -> as(name).get("/v1/locks/" + lock + "/-/why?grant=" + id);
            default -> throw new AssertionError(call);
        };
    }

    private String mine(String name) {
        return name.equals("owner") ? session : open(name);
    }

    private String at(String name) {
        return name.equals("owner") ? lock : "free/own";
    }

    @Test
    void aBreakerIsNotToldHowWhatIsAnothersEnded() {
        rules("enforce");
        held();
        as("owner")
                .header("If-Match", token)
                .delete("/v1/grants/" + grant)
                .then()
                .statusCode(204);
        Response never = call("break", "breaker", Api.fresh("own-never"), token);
        Response ended = call("break", "breaker");
        assertEquals(slug(never), slug(ended));
        assertEquals(never.statusCode(), ended.statusCode());
    }

    @Test
    void nobodyKeepsAnothersSessionAlive() {
        // Also where no rule is asked: whose a session is needs none.
        for (String mode : List.of("open", "observe", "enforce")) {
            rules(mode);
            String of = open("owner");
            String hidden = mode.equals("enforce") ? "unknown" : "not-yours";
            int status = mode.equals("enforce") ? 404 : 403;
            as("other", "{'ids':['%s','1-99']}".formatted(of))
                    .post("/v1/sessions/-/keepalive")
                    .then()
                    .statusCode(200)
                    .body("sessions.state", contains(hidden, "unknown"))
                    .body("sessions.ttlMs", contains(0, 0));
            as("other").post("/v1/sessions/" + of + "/keepalive").then().statusCode(status);
            as("other").get("/v1/sessions/" + of + "/attach?attachId=p1").then().statusCode(status);
            as("other").delete("/v1/sessions/" + of).then().statusCode(status);
            given().post("/v1/sessions/" + of + "/keepalive").then().statusCode(403);
            as("owner").post("/v1/sessions/" + of + "/keepalive").then().statusCode(200);
            as("owner").delete("/v1/sessions/" + of).then().statusCode(204);
        }
    }

    @Test
    void aSessionShowsOnlyGrantsThatMayBeRead() {
        rules("enforce");
        held();
        acquire("owner", session, grant + "-hidden", "own/hidden", "0s").statusCode(201);
        as("owner")
                .get("/v1/sessions/" + session)
                .then()
                .body("owner", equalTo("key:own-owner"))
                .body("grants.id", contains(grant, grant + "-hidden"));
        as("reader").get("/v1/sessions/" + session).then().body("grants.id", contains(grant));
        problem(as("reader").get("/v1/grants/" + grant + "-hidden").then(), 404, "grant-unknown");
        as("reader")
                .get("/v1/locks/" + lock)
                .then()
                .body("holders[0].owner", equalTo("key:own-owner"))
                .body("holders[0].grant", equalTo(grant));
        as("sessions").get("/v1/sessions/" + session).then().body("grants.id", contains(grant, grant + "-hidden"));
        as("owner").delete("/v1/grants/" + grant).then().statusCode(204);
        problem(as("reader").get("/v1/sessions/" + session).then(), 404, "session-unknown");
        as("owner").delete("/v1/sessions/" + session).then().statusCode(204);
    }

    @Test
    void anOwnersOtherKeyIsTheSameOwnerAndARevokedRuleTakesNothingAway() {
        rules("enforce");
        held();
        String second = newKey("owner");
        keys.put("owner", second);
        as("owner").post("/v1/sessions/" + session + "/keepalive").then().statusCode(200);
        json("{'mode':'enforce','policies':{'admin':[{'verbs':['admin']}]},"
                        + "'bindings':[{'policy':'admin','to':['anonymous']}]}")
                .put("/v1/acl")
                .then()
                .statusCode(200);
        as("owner")
                .post("/v1/sessions/" + session + "/keepalive?grants=true")
                .then()
                .statusCode(200)
                .body("grants.id", contains(grant));
        as("owner").get("/v1/grants/" + grant).then().statusCode(200).body("state", equalTo("granted"));
        problem(acquire("owner", session, grant + "-more", lock, "0s"), 403, "forbidden");
        as("owner").delete("/v1/grants/" + grant).then().statusCode(204);
        as("owner").delete("/v1/sessions/" + session).then().statusCode(204);
    }

    @Test
    void theTicketsOwnerMayAskTheHolder() {
        rules("enforce");
        held();
        String waits = grant + "-waits";
        acquire("reader", open("reader"), waits, lock, "5m").statusCode(202);
        as("reader", "{'to':'" + waits + "'}")
                .post("/v1/grants/" + grant + "/transfer")
                .then()
                .statusCode(not(equalTo(403)))
                .body("id", equalTo(grant));
        problem(
                as("reader", "{'to':'" + waits + "'}")
                        .header("If-Match", token)
                        .post("/v1/grants/" + grant + "/transfer")
                        .then(),
                403,
                "not-yours");
        as("owner", "{'to':'" + waits + "'}")
                .header("If-Match", token)
                .post("/v1/grants/" + grant + "/transfer")
                .then()
                .body("id", equalTo(waits));
        as("reader").delete("/v1/grants/" + waits).then().statusCode(204);
    }
}
