package io.holdfast.server.rest;

import static io.holdfast.server.rest.Api.fresh;
import static io.holdfast.server.rest.Api.problem;
import static io.holdfast.server.rest.Api.session;
import static io.holdfast.server.rest.Api.take;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class LockPollTest {

    private static final String FUTURE = "2147483646-1";

    private static Response changed(String lock, String since, String poll, String consistency) {
        return given().queryParam("changedSince", since)
                .queryParam("poll", poll)
                .queryParam("consistency", consistency)
                .get("/v1/locks/{name}", lock);
    }

    @ParameterizedTest
    @ValueSource(strings = {"linearizable", "local"})
    void aLockThatDidNotChangeIs204AndOneThatDidIsAnswered(String consistency) {
        String lock = fresh("lock");
        String grant = fresh("grant");
        String revision = take(grant, session(), lock, "0s", "0s")
                .statusCode(201)
                .extract()
                .header("Holdfast-Revision");
        String later = changed(lock, revision, "100ms", consistency)
                .then()
                .statusCode(204)
                .body(emptyString())
                .extract()
                .header("Holdfast-Revision");
        given().delete("/v1/grants/{id}", grant).then().statusCode(204);
        changed(lock, later, "55s", consistency).then().statusCode(200).body("holders", empty());
    }

    @Test
    void theTagOfALockMakesTheSameReadConditional() {
        String lock = fresh("lock");
        String grant = fresh("grant");
        take(grant, session(), lock, "0s", "0s").statusCode(201);
        String tag = given().get("/v1/locks/{name}", lock)
                .then()
                .statusCode(200)
                .header("ETag", startsWith("W/\""))
                .extract()
                .header("ETag");
        String same = conditional(lock, tag, "100ms")
                .then()
                .statusCode(304)
                .body(emptyString())
                .header("ETag", startsWith("W/\""))
                .extract()
                .header("ETag");
        given().delete("/v1/grants/{id}", grant).then().statusCode(204);
        conditional(lock, same, "55s").then().statusCode(200).body("holders", empty());
        problem(conditional(lock, "\"17\"", "0s").then(), 400, "invalid-request")
                .body("violations[0].field", equalTo("If-None-Match"));
        problem(conditional(lock + "?changedSince=0-0", tag, "0s").then(), 400, "invalid-request")
                .body("violations[0].field", equalTo("If-None-Match"));
    }

    private static Response conditional(String path, String tag, String poll) {
        return given().header("If-None-Match", tag)
                .urlEncodingEnabled(false)
                .queryParam("poll", poll)
                .get("/v1/locks/" + path);
    }

    @Test
    void aHeldRequestIsAnsweredByTheChange() throws Exception {
        String lock = fresh("lock");
        String first = fresh("grant");
        String session = session();
        String revision =
                take(first, session, lock, "0s", "0s").statusCode(201).extract().header("Holdfast-Revision");
        var held = CompletableFuture.supplyAsync(() -> changed(lock, revision, "55s", "linearizable"));
        take(fresh("grant"), session, lock, "5m", "0s").statusCode(202);
        // Before its poll is over, when it would be answered in any case.
        held.get(50, TimeUnit.SECONDS).then().statusCode(200).body("waiters", hasSize(1));
    }

    @Test
    void whatIsNotKnownAnyMoreIsAnsweredAtOnce() {
        String lock = fresh("lock");
        String grant = fresh("grant");
        String filler = fresh("filler");
        String session = session();
        for (int i = 0; i < 160; i++) {
            take(grant + i, session, filler, "0s", "0s").statusCode(201);
            given().delete("/v1/grants/{id}", grant + i).then().statusCode(204);
        }
        assertEquals(200, changed(lock, "0-0", "30s", "linearizable").statusCode());
    }

    @Test
    void whatCannotBeMeantIsRefusedWithItsField() {
        problem(given().get("/v1/locks/a?changedSince=x").then(), 400, "invalid-request")
                .body("violations[0].field", equalTo("changedSince"));
        problem(given().get("/v1/locks/a?poll=1s").then(), 400, "invalid-request")
                .body("violations[0].field", equalTo("poll"));
        problem(changed("a", FUTURE, "1s", "linearizable").then(), 400, "invalid-request")
                .body("violations[0].field", equalTo("changedSince"))
                .body("violations[0].message", startsWith(FUTURE + " is ahead"));
        problem(changed("a", FUTURE, "1s", "local").then(), 503, "not-ready");
    }
}
