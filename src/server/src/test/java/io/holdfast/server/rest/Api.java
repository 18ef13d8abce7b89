package io.holdfast.server.rest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.server.replica.Revision;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.hamcrest.CustomTypeSafeMatcher;
import org.hamcrest.Matcher;

/** The calls that most tests make, each with names of its own so that tests share a node without meeting. */
final class Api {

    /** For what must happen, also on a machine that is busy with other things. */
    private static final long PATIENCE_SECONDS = 60;

    private static final long PAUSE_NANOS = 10_000_000;
    private static final AtomicInteger NAMES = new AtomicInteger();

    private Api() {}

    /** Returns a name that no other test uses, and that none begins with. */
    static String fresh(String what) {
        return "%s-%05d".formatted(what, NAMES.incrementAndGet());
    }

    static RequestSpecification json(String body) {
        return given().contentType("application/json").body(body.replace('\'', '"'));
    }

    static String session() {
        return json("{'ttl':'10m','name':'test'}")
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

    /** Waits until something is so, and fails when it is not in time. */
    static void eventually(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, () -> "not in " + PATIENCE_SECONDS + " s: " + what);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /**
     * Matches a revision and all that come after it. An answer says how far its node was when it answered, and others
     * commit as well: the sessions of earlier tests expire at any time.
     */
    static Matcher<String> notBefore(String revision) {
        Revision bound = Revision.parse(revision);
        return new CustomTypeSafeMatcher<>("a revision not before " + revision) {
            @Override
            protected boolean matchesSafely(String text) {
                return Revision.parse(text).compareTo(bound) >= 0;
            }
        };
    }
}
