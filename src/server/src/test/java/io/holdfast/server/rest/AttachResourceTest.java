package io.holdfast.server.rest;

import static io.holdfast.server.rest.Api.fresh;
import static io.holdfast.server.rest.Api.json;
import static io.holdfast.server.rest.Api.problem;
import static io.holdfast.server.rest.Api.take;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.server.SseClient;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

@QuarkusTest
class AttachResourceTest {

    private static final long PATIENCE_NANOS = 20_000_000_000L;
    private static final long PAUSE_NANOS = 20_000_000;

    private static String session(String ttl) {
        return json("{'ttl':'%s','name':'attached'}".formatted(ttl))
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static SseClient attach(String session) throws IOException {
        return new SseClient(
                URI.create("http://localhost:" + RestAssured.port + "/v1/sessions/" + session + "/attach"), null);
    }

    private static boolean isOver(String session) {
        return given().get("/v1/sessions/{id}", session).statusCode() == 410;
    }

    private static void eventually(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, what);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Test
    void aSessionLivesForAsLongAsItsConnectionAndThenForItsTtl() throws Exception {
        String session = session("1s");
        try (var attached = attach(session)) {
            assertEquals("attached", attached.next().event());
            long elapsed = 0;
            for (int i = 0; i < 12; i++) {
                var renewed = attached.next();
                assertEquals("renewed", renewed.event());
                assertEquals(1_000, renewed.data().get("ttlMs").asLong());
                assertTrue(renewed.data().get("elapsedMs").asLong() > elapsed);
                elapsed = renewed.data().get("elapsedMs").asLong();
            }
            assertTrue(elapsed > 2_000, "twelve renewals took " + elapsed + " ms");
            given().get("/v1/sessions/{id}", session).then().statusCode(200);
        }
        eventually("the session outlives its connection", () -> isOver(session));
    }

    @Test
    void whatHappensToTheSessionIsPushed() throws Exception {
        String session = session("10s");
        String lock = fresh("lock");
        String holder = fresh("grant");
        String mine = fresh("grant");
        take(holder, Api.session(), lock, "0s", "0s").statusCode(201);
        take(mine, session, lock, "5m", "0s").statusCode(202);
        try (var attached = attach(session)) {
            var first = attached.next();
            assertEquals(session, first.data().get("session").asText());
            assertEquals(mine, first.data().at("/grants/0/id").asText());
            assertEquals("waiting", first.data().at("/grants/0/state").asText());
            given().delete("/v1/grants/{id}", holder).then().statusCode(204);
            var granted = attached.next(event -> !event.event().equals("renewed"));
            assertEquals("granted", granted.event());
            assertEquals(mine, granted.data().get("grant").asText());
            assertEquals(lock, granted.data().get("lock").asText());
            assertTrue(granted.data().get("token").asLong() > 0);
            given().delete("/v1/sessions/{id}", session).then().statusCode(204);
            assertEquals(
                    "lost",
                    attached.next(event -> !event.event().equals("renewed")).event());
            var ended = attached.next();
            assertEquals("ended", ended.event());
            assertEquals("requested", ended.data().get("cause").asText());
            assertEquals("end", attached.next().event());
        }
    }

    @Test
    void aPeerThatTakesNothingAnyMoreIsNotKeptAlive() throws Exception {
        String session = session("1s");
        String lock = fresh("lock");
        take(fresh("grant"), Api.session(), lock, "0s", "0s").statusCode(201);
        for (int i = 0; i < 150; i++) {
            take(fresh("a-ticket-with-a-rather-long-name-that-fills-the-window"), session, lock, "5m", "0s")
                    .statusCode(202);
            given().post("/v1/sessions/{id}/keepalive", session).then().statusCode(200);
        }
        try (var socket = new Socket()) {
            socket.setReceiveBufferSize(2_048);
            socket.connect(new InetSocketAddress("localhost", RestAssured.port));
            String request = "GET /v1/sessions/" + session + "/attach HTTP/1.1\r\nHost: localhost\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            eventually("a client that takes nothing is kept alive", () -> isOver(session));
        }
    }

    @Test
    void onlyASessionThatIsAliveCanBeAttached() {
        String session = session("10s");
        given().delete("/v1/sessions/{id}", session).then().statusCode(204);
        problem(given().get("/v1/sessions/{id}/attach", session).then(), 410, "session-ended");
        problem(given().get("/v1/sessions/1-4000000000/attach").then(), 404, "session-unknown");
        problem(
                given().accept("application/json")
                        .get("/v1/sessions/{id}/attach", session)
                        .then(),
                406,
                "not-acceptable");
    }
}
