package io.holdfast.server.rest;

import static io.holdfast.server.rest.Api.ask;
import static io.holdfast.server.rest.Api.fresh;
import static io.holdfast.server.rest.Api.json;
import static io.holdfast.server.rest.Api.problem;
import static io.holdfast.server.rest.Api.release;
import static io.holdfast.server.rest.Api.session;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Shared locks, semaphores, lock sets and refused deadlocks as clients see them. */
@QuarkusTest
class LockModesTest {

    private final String lock = fresh("lock");
    private String session;

    @BeforeEach
    void openSession() {
        session = session();
    }

    @Test
    void readersShareAndAWaitingWriterIsNotOvertaken() {
        String first = shared(201);
        String second = shared(201);
        String writer = fresh("writer");
        ask(writer, session, "'lock':'%s','wait':'5m'".formatted(lock)).statusCode(202);
        String late = fresh("late");
        ask(late, session, "'lock':'%s','mode':'shared','wait':'5m'".formatted(lock))
                .statusCode(202)
                .body("mode", equalTo("shared"))
                .body("behind", equalTo(writer));
        given().get("/v1/locks/{name}", lock)
                .then()
                .body("mode", equalTo("shared"))
                .body("limit", equalTo(1))
                .body("used", equalTo(2))
                .body("holders.grant", contains(first, second))
                .body("waiters.grant", contains(writer, late))
                .body("waiters.mode", contains("exclusive", "shared"));
        release(first);
        release(second);
        state(writer).body("state", equalTo("granted"));
        state(late).body("state", equalTo("waiting"));
        release(writer);
        state(late).body("state", equalTo("granted"));
    }

    @Test
    void aSemaphoreGivesAsManyPermitsAsItHasAndTheFirstTicketFixesTheLimit() {
        String two = fresh("two");
        int token = ask(two, session, semaphore(2, 3))
                .statusCode(201)
                .body("mode", equalTo("semaphore"))
                .body("permits", equalTo(2))
                .body("limit", equalTo(3))
                .extract()
                .path("token");
        problem(ask(fresh("grant"), session, semaphore(2, 3)), 423, "lock-held").body("holders.permits", contains(2));
        ask(fresh("one"), session, semaphore(1, 3)).statusCode(201);
        given().get("/v1/locks/{name}", lock).then().body("limit", equalTo(3)).body("used", equalTo(3));
        String other = fresh("other");
        problem(ask(other, session, semaphore(1, 4)), 409, "limit-mismatch").body("detail", containsString("limit 3"));
        problem(ask(other, session, semaphore(1, 4)), 409, "limit-mismatch");
        problem(ask(fresh("grant"), session, "'lock':'%s','mode':'shared'".formatted(lock)), 409, "limit-mismatch");
        problem(mode(two, "shared", token), 409, "mode-refused").body("detail", containsString("semaphore"));
    }

    @Test
    void theLimitOfASemaphoreInUseIsChanged() {
        String waits = fresh("waits");
        ask(fresh("one"), session, semaphore(1, 1)).statusCode(201);
        ask(waits, session, semaphore(1, 1) + ",'wait':'5m'").statusCode(202);
        limit(2).statusCode(200).body("limit", equalTo(2)).body("used", equalTo(2));
        state(waits).body("state", equalTo("granted")).body("limit", equalTo(2));
        limit(2).statusCode(200);
        limit(1).statusCode(200).body("limit", equalTo(1)).body("used", equalTo(2));
        String late = fresh("late");
        ask(late, session, semaphore(1, 2) + ",'wait':'5m'").statusCode(202);
        release(waits);
        state(late).body("state", equalTo("waiting"));
        problem(limit(10_001), 400, "invalid-request");
        problem(json("{'limit':3}").patch("/v1/locks/{name}", fresh("unused")).then(), 409, "limit-refused");
    }

    private ValidatableResponse limit(int limit) {
        return json("{'limit':" + limit + "}").patch("/v1/locks/{name}", lock).then();
    }

    @Test
    void aSetIsGrantedAsAWholeUnderOneToken() {
        String holder = fresh("holder");
        ask(holder, session, "'lock':'%s/b'".formatted(lock)).statusCode(201);
        String set = fresh("set");
        String locks = "'locks':[{'name':'%s/b'},{'name':'%s/a','mode':'shared'}],'wait':'5m'".formatted(lock, lock);
        ask(set, session, locks)
                .statusCode(202)
                .body("lock", nullValue())
                .body("locks.name", contains(lock + "/a", lock + "/b"))
                .body("locks.mode", contains("shared", "exclusive"))
                .body("behind", equalTo(holder));
        // It holds no part of what it waits for, but its place is not overtaken either.
        given().get("/v1/locks/{name}", lock + "/a")
                .then()
                .body("holders.grant", equalTo(java.util.List.of()))
                .body("waiters.grant", contains(set))
                .body("waiters.position", contains(1));
        problem(ask(fresh("try"), session, "'lock':'%s/a'".formatted(lock)), 423, "lock-held")
                .body("waiting", equalTo(1));
        release(holder);
        int token = state(set).body("state", equalTo("granted")).extract().path("token");
        for (String name : new String[] {lock + "/a", lock + "/b"}) {
            json("{'token':" + token + "}")
                    .post("/v1/locks/{name}/-/check", name)
                    .then()
                    .body("valid", equalTo(true));
        }
        release(set);
        given().get("/v1/locks/{name}", lock + "/b").then().body("used", equalTo(0));
    }

    @Test
    void aTicketThatWouldCloseACycleIsRefusedWithTheCycle() {
        String other = session();
        ask(fresh("grant"), session, "'lock':'%s/a'".formatted(lock)).statusCode(201);
        ask(fresh("grant"), other, "'lock':'%s/b'".formatted(lock)).statusCode(201);
        String waits = fresh("grant");
        ask(waits, session, "'lock':'%s/b','wait':'5m'".formatted(lock)).statusCode(202);
        String closes = fresh("grant");
        String fields = "'lock':'%s/a','wait':'5m'".formatted(lock);
        problem(ask(closes, other, fields), 409, "deadlock")
                .body("cycle.session", contains(other, session))
                .body("cycle.grant", contains(closes, waits))
                .body("cycle.lock", contains(lock + "/a", lock + "/b"));
        problem(ask(closes, other, fields), 409, "deadlock");
        given().get("/v1/locks/{name}", lock + "/a").then().body("waiting", equalTo(0));
    }

    @Test
    void aWriterBecomesAReaderInPlaceAndBackAgainWithANewToken() {
        String grant = fresh("grant");
        int token = ask(grant, session, "'lock':'%s'".formatted(lock))
                .statusCode(201)
                .extract()
                .path("token");
        String reader = fresh("reader");
        ask(reader, session, "'lock':'%s','mode':'shared','wait':'5m'".formatted(lock))
                .statusCode(202);
        mode(grant, "shared", token)
                .statusCode(200)
                .body("mode", equalTo("shared"))
                .body("token", equalTo(token))
                .header("ETag", equalTo("\"" + token + "\""));
        state(reader).body("state", equalTo("granted"));
        problem(mode(grant, "exclusive", token), 409, "mode-refused").body("holders.grant", contains(grant, reader));
        release(reader);
        int later = mode(grant, "exclusive", token)
                .statusCode(200)
                .body("mode", equalTo("exclusive"))
                .body("token", greaterThan(token))
                .extract()
                .path("token");
        // A copy of the first change, or of the second, comes late.
        problem(mode(grant, "shared", token), 412, "token-stale");
        problem(mode(grant, "exclusive", token), 412, "token-stale");
        state(grant).body("mode", equalTo("exclusive")).body("token", equalTo(later));
        problem(mode(fresh("nobody"), "shared", token), 404, "grant-unknown");
    }

    private String shared(int status) {
        String grant = fresh("reader");
        ask(grant, session, "'lock':'%s','mode':'shared'".formatted(lock)).statusCode(status);
        return grant;
    }

    private String semaphore(int permits, int limit) {
        return "'lock':'%s','mode':'semaphore','permits':%d,'limit':%d".formatted(lock, permits, limit);
    }

    private static ValidatableResponse mode(String grant, String mode, int token) {
        return json("{'mode':'" + mode + "'}")
                .header("If-Match", "\"" + token + "\"")
                .patch("/v1/grants/{id}", grant)
                .then();
    }

    private static ValidatableResponse state(String grant) {
        return given().get("/v1/grants/{id}", grant).then().statusCode(200);
    }
}
