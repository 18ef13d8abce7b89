package io.holdfast.server.rest;

import static io.holdfast.server.rest.Api.eventually;
import static io.holdfast.server.rest.Api.fresh;
import static io.holdfast.server.rest.Api.json;
import static io.holdfast.server.rest.Api.problem;
import static io.holdfast.server.rest.Api.take;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.server.SseClient;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

@QuarkusTest
class AttachResourceTest {

    private static String session(String ttl) {
        return json("{'ttl':'%s','name':'attached'}".formatted(ttl))
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static SseClient attach(String session) throws IOException {
        return attach(session, "");
    }

    private static SseClient attach(String session, String query) throws IOException {
        String path = "/v1/sessions/" + session + "/attach" + query;
        return new SseClient(URI.create("http://localhost:" + RestAssured.port + path), null);
    }

    private static boolean isOver(String session) {
        return given().get("/v1/sessions/{id}", session).statusCode() == 410;
    }

    /** The first connection of all may take longer than the session lives, on a busy machine. */
    private static void warmUp() throws Exception {
        try (var attached = attach(session("5m"))) {
            assertEquals("attached", attached.next().event());
        }
    }

    @Test
    void aSessionLivesForAsLongAsItsConnectionAndThenForItsTtl() throws Exception {
        warmUp();
        String session = session("10s");
        try (var attached = attach(session)) {
            assertEquals("attached", attached.next().event());
            long elapsed = 0;
            while (elapsed <= 12_000) {
                var renewed = attached.next();
                assertEquals("renewed", renewed.event());
                assertEquals(10_000, renewed.data().get("ttlMs").asLong());
                assertTrue(renewed.data().get("elapsedMs").asLong() > elapsed);
                elapsed = renewed.data().get("elapsedMs").asLong();
            }
            given().get("/v1/sessions/{id}", session).then().statusCode(200);
        }
        eventually("the session ends after its connection", () -> isOver(session));
    }

    @Test
    void aSessionWhoseConnectionDoesNotRenewItEndsAtItsTtlAndTheStreamSaysSo() throws Exception {
        warmUp();
        String session = session("10s");
        String grant = fresh("grant");
        take(grant, session, fresh("lock"), "0s", "0s").statusCode(201);
        try (var attached = attach(session, "?renew=false")) {
            var first = attached.next();
            assertEquals("attached", first.event());
            assertEquals(grant, first.data().at("/grants/0/id").asText());
            assertFalse(first.data().has("ttlMs"), first::toString);
            var lost = attached.next(event -> !event.event().equals("bookmark"));
            assertEquals("lost", lost.event());
            assertEquals(grant, lost.data().get("grant").asText());
            var ended = attached.next();
            assertEquals("ended", ended.event());
            assertEquals("session-expired", ended.data().get("cause").asText());
            assertEquals("end", attached.next().event());
        }
        assertTrue(isOver(session));
    }

    @Test
    void aSessionWhoseConnectionDoesNotRenewItLivesByItsKeepalives() throws Exception {
        warmUp();
        String session = session("10s");
        try (var attached = attach(session, "?renew=false")) {
            assertEquals("attached", attached.next().event());
            // Four in a ttl: more than a ttl and a half.
            for (int i = 0; i < 7; i++) {
                var bookmark = attached.next();
                assertEquals("bookmark", bookmark.event());
                assertTrue(bookmark.data().get("ageMs").asLong() >= 0, bookmark::toString);
                given().post("/v1/sessions/{id}/keepalive", session).then().statusCode(200);
            }
            given().delete("/v1/sessions/{id}", session).then().statusCode(204);
            assertEquals(
                    "ended",
                    attached.next(event -> !event.event().equals("bookmark")).event());
        }
    }

    @Test
    void whatHappensToTheSessionIsPushed() throws Exception {
        String session = Api.session();
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
            assertEquals("test", granted.data().get("sessionName").asText());
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
        warmUp();
        String session = session("10s");
        String lock = fresh("x".repeat(500));
        take(fresh("grant"), Api.session(), lock, "0s", "0s").statusCode(201);
        // What is said first names each ticket and its lock, and is far more than the window takes.
        for (int i = 0; i < 40; i++) {
            take(fresh("ticket"), session, lock, "5m", "0s").statusCode(202);
            given().post("/v1/sessions/{id}/keepalive", session).then().statusCode(200);
        }
        try (var socket = new Socket()) {
            socket.setReceiveBufferSize(2_048);
            socket.connect(new InetSocketAddress("localhost", RestAssured.port));
            String request = "GET /v1/sessions/" + session + "/attach HTTP/1.1\r\nHost: localhost\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            eventually("the session of a client that takes nothing ends", () -> isOver(session));
        }
    }

    /** Over HTTP/2, while other streams of the connection are busy. */
    @Test
    void aSessionIsRenewedWhateverElseItsConnectionCarries() throws Exception {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        URI server = URI.create("http://localhost:" + RestAssured.port);
        HttpRequest large =
                HttpRequest.newBuilder(server.resolve("/q/openapi?format=json")).build();
        assertEquals(
                HttpClient.Version.HTTP_2,
                http.send(large, HttpResponse.BodyHandlers.ofByteArray()).version());
        String session = session("12s");
        AtomicBoolean done = new AtomicBoolean();
        try (var attached = new SseClient(http, server.resolve("/v1/sessions/" + session + "/attach"), null)) {
            for (int i = 0; i < 4; i++) {
                read(http, large, done);
            }
            assertEquals("attached", attached.next().event());
            for (int i = 0; i < 3; i++) {
                assertEquals("renewed", attached.next().event());
            }
        } finally {
            done.set(true);
        }
    }

    private static void read(HttpClient http, HttpRequest request, AtomicBoolean done) {
        http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()).thenAccept(answer -> {
            if (!done.get()) {
                read(http, request, done);
            }
        });
    }

    @Test
    void aConnectionThatAttachesLaterTakesThePlaceOfTheOneBefore() throws Exception {
        String session = Api.session();
        try (var first = attach(session)) {
            assertEquals("attached", first.next().event());
            try (var second = attach(session)) {
                assertEquals("attached", second.next().event());
                assertEquals(
                        "end",
                        first.next(event -> !event.event().equals("renewed")).event());
                given().get("/v1/sessions/{id}", session).then().statusCode(200);
            }
        }
    }

    @Test
    void aNewerProcessTakesASessionOverFromOneThatMayHaveBeenFrozen() throws Exception {
        String session = Api.session();
        try (var old = attach(session, "?attachId=old")) {
            assertEquals("attached", old.next().event());
            try (var newer = attach(session, "?attachId=new")) {
                assertEquals("attached", newer.next().event());
                assertEquals(
                        "superseded",
                        old.next(event -> !event.event().equals("renewed")).event());
                assertEquals("end", old.next().event());
                problem(
                        given().get("/v1/sessions/{id}/attach?attachId=old", session)
                                .then(),
                        409,
                        "session-superseded");
            }
        }
        given().get("/v1/sessions/{id}", session).then().statusCode(200);
    }

    @Test
    void onlyASessionThatIsAliveCanBeAttached() {
        String session = Api.session();
        given().delete("/v1/sessions/{id}", session).then().statusCode(204);
        problem(given().get("/v1/sessions/{id}/attach", session).then(), 410, "session-ended");
        problem(given().get("/v1/sessions/{id}/attach?renew=false", session).then(), 410, "session-ended");
        problem(given().get("/v1/sessions/1-4000000000/attach").then(), 404, "session-unknown");
        problem(given().get("/v1/sessions/1-4000000000/attach?renew=false").then(), 404, "session-unknown");
        problem(given().get("/v1/sessions/{id}/attach?renew=no", session).then(), 400, "invalid-request");
        problem(
                given().accept("application/json")
                        .get("/v1/sessions/{id}/attach", session)
                        .then(),
                406,
                "not-acceptable");
    }
}
