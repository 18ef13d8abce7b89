package io.holdfast.server.rest;

import static io.holdfast.server.rest.Api.json;
import static io.holdfast.server.rest.Api.problem;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of access over HTTP, and what they let callers without a credential do. */
@QuarkusTest
class AclResourceTest {

    /** Lets this test go on and end, whatever else it tries. */
    private static final String ADMIN =
            "'admin':[{'verbs':['admin']}]},'bindings':[{'policy':'admin','to':['anonymous']}";

    private static final String ENFORCED = "{'mode':'enforce','policies':{"
            + "'some':[{'verbs':['acquire'],'locks':'acl/pay/'},{'verbs':['read'],'locks':'acl/catalog'}]," + ADMIN
            + ",{'policy':'some','to':['anonymous']}]}";

    @AfterEach
    void openAgain() {
        json("{'mode':'open'}").put("/v1/acl?force=true").then().statusCode(200);
    }

    private static ValidatableResponse put(String body) {
        return json(body).put("/v1/acl").then();
    }

    private static String session() {
        return json("{'ttl':'60s'}").post("/v1/sessions").then().extract().path("id");
    }

    private static ValidatableResponse acquire(String session, String grant, String locks) {
        return json("{'session':'" + session + "'," + locks + "}")
                .put("/v1/grants/" + grant)
                .then();
    }

    @Test
    void aDocumentIsAnsweredAsItWasGiven() {
        String tag = given().get("/v1/acl").then().statusCode(200).extract().header("ETag");
        put(ENFORCED).statusCode(200).body("mode", equalTo("enforce")).body("revision", not(equalTo(tag)));
        ValidatableResponse read = given().get("/v1/acl").then().statusCode(200);
        read.body("policies.some[0].verbs", contains("acquire"))
                .body("policies.some[0].locks", equalTo("acl/pay/"))
                .body("policies.admin[0].verbs", contains("admin"))
                .body("policies.admin[0].locks", nullValue())
                .body("observers", equalTo("locks"))
                .body("bindings.name", contains("admin", "some"))
                .body("limits", empty());
        String document = read.extract().asString();
        put(document.replace('"', '\'')).statusCode(200).body("policies.some[1].locks", equalTo("acl/catalog"));
    }

    @Test
    void onePartIsChangedAndAnotherRevisionIsRefused() {
        json("{'rules':[{'verbs':['read'],'locks':''}]}")
                .put("/v1/acl/policies/readers")
                .then()
                .statusCode(200)
                .body("policies.readers[0].locks", equalTo(""));
        json("{'policy':'readers','to':['k8s:*']}")
                .put("/v1/acl/bindings/all-pods")
                .then()
                .statusCode(200)
                .body("bindings.name", contains("all-pods"));
        json("{'to':['k8s:*'],'rps':10}").put("/v1/acl/limits/pods").then().statusCode(200);
        String tag = given().get("/v1/acl/limits/pods")
                .then()
                .statusCode(200)
                .body("rps", equalTo(10))
                .body("sessions", nullValue())
                .extract()
                .header("ETag");
        problem(given().delete("/v1/acl/policies/readers").then(), 400, "invalid-request")
                .body("violations.field", contains("bindings.all-pods.policy"));
        given().delete("/v1/acl/bindings/all-pods").then().statusCode(200).body("bindings", empty());
        String stale = given().get("/v1/acl").then().extract().header("ETag");
        given().header("If-Match", stale)
                .delete("/v1/acl/policies/readers")
                .then()
                .statusCode(200);
        problem(given().header("If-Match", stale).delete("/v1/acl/limits/pods").then(), 412, "version-stale");
        problem(given().get("/v1/acl/policies/readers").then(), 404, "acl-unknown");
        problem(given().delete("/v1/acl/bindings/all-pods").then(), 404, "acl-unknown");
        given().delete("/v1/acl/limits/pods").then().statusCode(200);
        org.junit.jupiter.api.Assertions.assertNotEquals(tag, stale);
    }

    @Test
    void aDryRunChangesNothing() {
        json(ENFORCED)
                .put("/v1/acl?dryRun=true&force=true")
                .then()
                .statusCode(200)
                .body("mode", equalTo("enforce"));
        given().get("/v1/acl").then().body("mode", equalTo("open")).body("policies", anEmptyMap());
    }

    @Test
    void whoeverWouldLockThemselvesOutIsTold() {
        problem(json("{'mode':'enforce'}").put("/v1/acl/mode").then(), 409, "last-administrator");
        problem(
                put("{'mode':'enforce','policies':{'a':[{'verbs':['admin:acl']}]},"
                        + "'bindings':[{'policy':'a','to':['key:ops']}]}"),
                409,
                "last-administrator");
    }

    @Test
    void metricsNeedAnIdentityWhereRulesAreEnforced() {
        given().get("/q/metrics").then().statusCode(200);
        json(ENFORCED.replace("'anonymous'", "'jwt:test:acl-admin'"))
                .put("/v1/acl?force=true")
                .then()
                .statusCode(200);
        String admin = "Bearer " + TestTokens.of("acl-admin");
        try {
            for (String path : new String[] {"/q/metrics", "/q/metrics/"}) {
                problem(given().get(path).then(), 401, "unauthenticated");
                given().header("Authorization", admin).get(path).then().statusCode(200);
            }
            given().get("/q/health/live").then().statusCode(200);
            given().get("/q/openapi").then().statusCode(200);
        } finally {
            json("{'mode':'open'}").header("Authorization", admin).put("/v1/acl?force=true");
        }
    }

    @Test
    void whatNoRuleAllowsIsRefusedWhereRulesAreEnforced() {
        put(ENFORCED).statusCode(200);
        String session = session();
        acquire(session, "acl-1", "'lock':'acl/pay/1'").statusCode(201);
        problem(acquire(session, "acl-2", "'lock':'acl/pay-test'"), 403, "forbidden")
                .body("verb", equalTo("acquire"))
                .body("lock", equalTo("acl/pay-test"))
                .body("detail", containsString("anonymous"));
        problem(acquire(session, "acl-2", "'lock':'acl/catalog'"), 403, "forbidden");
        given().get("/v1/locks/acl/catalog").then().statusCode(200);
        problem(given().get("/v1/locks/acl/other").then(), 403, "forbidden").body("verb", equalTo("read"));
        problem(given().get("/v1/locks?prefix=acl/other").then(), 403, "forbidden");
        given().get("/v1/locks?prefix=acl/pay/").then().statusCode(200);
        problem(given().get("/v1/events?prefix=acl/other").then(), 403, "forbidden");
        problem(
                json("{'grant':'acl-1','reason':'x'}")
                        .post("/v1/locks/acl/pay/1/-/break")
                        .then(),
                403,
                "forbidden");
        given().delete("/v1/grants/acl-1").then().statusCode(204);
        given().delete("/v1/sessions/" + session).then().statusCode(204);
    }

    @Test
    void aSetNeedsTheRightForEachOfItsLocks() {
        put(ENFORCED).statusCode(200);
        String session = session();
        String both = "'locks':[{'name':'acl/pay/1'},{'name':'acl/hidden'}]";
        problem(acquire(session, "acl-3", both), 403, "forbidden").body("lock", equalTo("acl/hidden"));
        acquire(session, "acl-4", "'locks':[{'name':'acl/pay/1'},{'name':'acl/pay/2'}]")
                .statusCode(201);
        given().delete("/v1/sessions/" + session).then().statusCode(204);
    }

    @Test
    void aBackupNeedsItsOwnVerb() {
        put(ENFORCED.replace("['admin']", "['admin:acl','admin:members']")).statusCode(200);
        problem(given().get("/v1/cluster/backup").then(), 403, "forbidden").body("verb", equalTo("admin:backup"));
        given().get("/v1/sessions").then().statusCode(200).header("Holdfast-Filtered", "true");
        given().get("/v1/cluster").then().statusCode(200);
    }

    @Test
    void whereRulesAreObservedNothingIsRefused() {
        put(ENFORCED.replace("enforce", "observe")).statusCode(200);
        String session = session();
        acquire(session, "acl-5", "'lock':'acl/hidden'").statusCode(201);
        given().get("/v1/locks?prefix=acl/").then().statusCode(200).body("locks.name", hasItem("acl/hidden"));
        given().delete("/v1/sessions/" + session).then().statusCode(204);
    }

    @Test
    void aQuestionIsAnsweredByTheRules() {
        put(ENFORCED.replace("enforce", "observe")).statusCode(200);
        json("{'principal':'anonymous','verb':'acquire','lock':'acl/pay/1'}")
                .post("/v1/acl/check")
                .then()
                .statusCode(200)
                .body("allowed", equalTo(true))
                .body("policy", equalTo("some"));
        json("{'principal':'key:a','groups':['x'],'verb':'admin:acl'}")
                .post("/v1/acl/check")
                .then()
                .statusCode(200)
                .body("allowed", equalTo(false))
                .body("policy", nullValue());
    }

    @Test
    void aKeyIsAnsweredOnceAndNeverAgain() {
        ValidatableResponse made =
                json("{'name':'acl-ops','expires':'1h'}").post("/v1/acl/keys").then();
        made.statusCode(201).body("key", containsString("hfk_")).body("name", equalTo("acl-ops"));
        String id = made.extract().path("id");
        given().get("/v1/acl/keys")
                .then()
                .statusCode(200)
                .body("keys.id", hasItem(id))
                .body("keys.find { it.id == '" + id + "' }.key", nullValue());
        given().delete("/v1/acl/keys/" + id).then().statusCode(204);
        problem(given().delete("/v1/acl/keys/" + id).then(), 404, "acl-unknown");
        problem(json("{'name':'bootstrap'}").post("/v1/acl/keys").then(), 400, "invalid-request");
        problem(json("{'name':'a','expires':'9000h'}").post("/v1/acl/keys").then(), 400, "invalid-request");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/acl|{'mode':'closed'}|mode",
                "/v1/acl|{'observers':'some'}|observers",
                "/v1/acl|{'policies':{'p':[{'verbs':['write'],'locks':'a'}]}}|policies.p.rules[0].verbs[0]",
                "/v1/acl|{'policies':{'p':[{'verbs':['read'],'locks':'a//'}]}}|policies.p.rules[0].locks",
                "/v1/acl|{'policies':{'p':[{'verbs':['read']}]}}|policies.p.rules[0].locks",
                "/v1/acl|{'policies':{'p/q':[{'verbs':['admin']}]}}|policies.p/q.name",
                "/v1/acl|{'policies':{'p':[]}}|policies.p.rules",
                "/v1/acl|{'bindings':[{'policy':'p','to':['a']}]}|bindings.p.policy",
                "/v1/acl|{'bindings':[{'policy':'p','to':['a*b']}]}|bindings[0].to[0]",
                "/v1/acl|{'bindings':[{'to':['a']}]}|bindings[0].policy",
                "/v1/acl|{'limits':[{'to':['a']}]}|limits[0].name",
                "/v1/acl|{'limits':[{'name':'l','to':['a'],'rps':-1}]}|limits[0].rps",
                "/v1/acl/mode|{}|mode",
                "/v1/acl/policies/p|{}|rules",
                "/v1/acl/bindings/b|{'policy':'p'}|to",
                "/v1/acl/limits/l|{'to':[]}|to",
            })
    void aWrongFieldIsNamed(String path, String body, String field) {
        problem(json(body).put(path).then(), 400, "invalid-request").body("violations.field", hasItem(field));
    }
}
