package io.holdfast.server.rest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.concurrent.atomic.AtomicInteger;

/** The calls that most tests make, each with names of its own so that tests share a node without meeting. */
final class Api {

    private static final AtomicInteger NAMES = new AtomicInteger();

    private Api() {}

    /** Returns a name that no other test uses. */
    static String fresh(String what) {
        return what + "-" + NAMES.incrementAndGet();
    }

    static RequestSpecification json(String body) {
        return given().contentType("application/json").body(body.replace('\'', '"'));
    }

    static String session() {
        return json("{'ttl':'60s','name':'test'}")
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    static ValidatableResponse take(String grant, String session, String lock, String wait, String poll) {
        String body = "{'session':'%s','lock':'%s','wait':'%s'}".formatted(session, lock, wait);
        return json(body).put("/v1/grants/{id}?poll={poll}", grant, poll).then();
    }

    static ValidatableResponse problem(ValidatableResponse answer, int status, String slug) {
        return answer.statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:holdfast:problem:" + slug))
                .body("status", equalTo(status))
                .header("Holdfast-Revision", org.hamcrest.Matchers.matchesPattern("\\d+-\\d+"));
    }

    /** Takes a ticket with further fields of the body. */
    static ValidatableResponse ask(String grant, String session, String fields) {
        return json("{'session':'" + session + "'," + fields + "}")
                .put("/v1/grants/{id}", grant)
                .then();
    }

    static void release(String grant) {
        given().delete("/v1/grants/{id}", grant).then().statusCode(204);
    }
}
