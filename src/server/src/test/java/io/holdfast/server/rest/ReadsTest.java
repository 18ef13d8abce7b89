package io.holdfast.server.rest;

import static io.holdfast.server.rest.Api.fresh;
import static io.holdfast.server.rest.Api.problem;
import static io.holdfast.server.rest.Api.session;
import static io.holdfast.server.rest.Api.take;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.server.replica.Revision;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class ReadsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/cluster",
                "/v1/locks",
                "/v1/locks/a",
                "/v1/sessions",
                "/v1/grants/none",
                "/v1/nothing",
                "/nothing"
            })
    void everyAnswerSaysWhereItWasRead(String path) {
        given().get(path)
                .then()
                .header("Holdfast-Revision", matchesPattern("\\d+-\\d+"))
                .header("Holdfast-Node", matchesPattern("[1-9]\\d*"))
                .header("Holdfast-Role", equalTo("leader"))
                .header("Holdfast-Age-Ms", matchesPattern("\\d+"));
    }

    @Test
    void aReadWithTheRevisionOfAWriteSeesTheWrite() {
        String lock = fresh("lock");
        String revision = take(fresh("grant"), session(), lock, "0s", "0s")
                .statusCode(201)
                .extract()
                .header("Holdfast-Revision");
        for (String consistency : new String[] {"local", "linearizable"}) {
            String read = given().queryParam("consistency", consistency)
                    .queryParam("minRevision", revision)
                    .queryParam("maxStale", "200ms")
                    .get("/v1/locks/{name}", lock)
                    .then()
                    .statusCode(200)
                    .body("holders", hasSize(1))
                    .extract()
                    .header("Holdfast-Revision");
            assertTrue(Revision.parse(read).compareTo(Revision.parse(revision)) >= 0, read + " is before " + revision);
        }
    }

    @Test
    void aRevisionThatDoesNotComeInTimeIsNotReady() {
        problem(given().get("/v1/locks/a?minRevision=2147483647-1").then(), 503, "not-ready")
                .header("Retry-After", matchesPattern("[1-9]\\d*"));
    }
}
