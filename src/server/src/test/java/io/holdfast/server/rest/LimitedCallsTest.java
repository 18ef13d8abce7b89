package io.holdfast.server.rest;

import static io.holdfast.server.rest.Api.json;
import static io.holdfast.server.rest.Api.problem;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Limits of the rules over HTTP, with bounds of 0, which no slow machine keeps. */
@QuarkusTest
class LimitedCallsTest {

    private static final String RULES = "{'mode':'enforce','policies':{'admin':[{'verbs':['admin']}],"
            + "'lim':[{'verbs':['acquire'],'locks':'lim/'}]},'bindings':[{'policy':'admin','to':['anonymous']},"
            + "{'policy':'lim','to':['jwt:test:lim','jwt:test:other']}]}";

    @AfterEach
    void openAgain() {
        json("{'mode':'open'}").put("/v1/acl?force=true").then().statusCode(200);
    }

    private static RequestSpecification as(String subject) {
        return RestAssured.given().header("Authorization", "Bearer " + TestTokens.of(subject));
    }

    private static RequestSpecification as(String subject, String body) {
        return as(subject).contentType("application/json").body(body.replace('\'', '"'));
    }

    private static void limit(String body) {
        json(body).put("/v1/acl/limits/lim").then().statusCode(200);
    }

    @Test
    void whatKeepsOrGivesBackALockIsNeverLimited() {
        json(RULES).put("/v1/acl").then().statusCode(200);
        String session = as("lim", "{'ttl':'60s'}")
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        as("lim", "{'session':'" + session + "','lock':'lim/1'}")
                .put("/v1/grants/lim-1")
                .then()
                .statusCode(201);
        limit("{'to':['jwt:test:lim'],'rps':0}");
        problem(as("lim").get("/v1/locks/lim/1").then(), 429, "rate-limited")
                .header("Retry-After", matchesPattern("[1-9][0-9]?"))
                .body("detail", containsString("jwt:test:lim"));
        problem(
                as("lim", "{'session':'" + session + "','lock':'lim/2'}")
                        .put("/v1/grants/lim-2")
                        .then(),
                429,
                "rate-limited");
        as("other").get("/v1/locks/lim/1").then().statusCode(200);
        as("lim").post("/v1/sessions/" + session + "/keepalive").then().statusCode(200);
        as("lim").get("/v1/grants/lim-1").then().statusCode(200);
        as("lim").delete("/v1/grants/lim-1").then().statusCode(204);
        as("lim").delete("/v1/sessions/" + session).then().statusCode(204);
    }

    @Test
    void streamsAreLimitedByThemselves() {
        json(RULES).put("/v1/acl").then().statusCode(200);
        limit("{'to':['jwt:test:lim'],'streams':0}");
        problem(as("lim").get("/v1/events?prefix=lim/&poll=0s").then(), 429, "rate-limited")
                .body("detail", containsString("streams"));
        as("lim").get("/v1/locks/lim/1").then().statusCode(200);
        as("other")
                .accept("application/json")
                .get("/v1/events?prefix=lim/&since=0-0&poll=0s")
                .then()
                .statusCode(200);
    }

    @Test
    void limitsAreKeptWhereRulesAreEnforcedOnly() {
        json(RULES.replace("enforce", "observe")).put("/v1/acl").then().statusCode(200);
        limit("{'to':['jwt:test:lim'],'rps':0}");
        as("lim").get("/v1/locks/lim/1").then().statusCode(200);
    }

    @Test
    void whatAPrincipalHasInTheEnsembleIsLimited() {
        json(RULES).put("/v1/acl").then().statusCode(200);
        limit("{'to':['jwt:test:lim'],'sessions':1,'grants':0}");
        String session = as("lim", "{'ttl':'60s'}")
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        problem(as("lim", "{'ttl':'60s'}").post("/v1/sessions").then(), 429, "quota-exceeded")
                .body("quota", equalTo("principal-sessions"))
                .body("limit", equalTo(1));
        problem(
                        as("lim", "{'session':'" + session + "','lock':'lim/3'}")
                                .put("/v1/grants/lim-3")
                                .then(),
                        429,
                        "quota-exceeded")
                .body("quota", equalTo("principal-grants"))
                .body("limit", equalTo(0));
        as("lim").delete("/v1/sessions/" + session).then().statusCode(204);
    }
}
