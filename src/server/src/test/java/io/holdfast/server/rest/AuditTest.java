package io.holdfast.server.rest;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.server.audit.Operation;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records of requests, which each test finds by their trace, or by the address of its connections. */
@QuarkusTest
class AuditTest {

    private static final Logger AUDIT = Logger.getLogger("holdfast.audit");
    private static final Random RANDOM = new Random();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Lines lines = new Lines();
    private final String trace =
            "00-%016x%016x-00f067aa0ba902b7-01".formatted(RANDOM.nextLong() | 1, RANDOM.nextLong());

    /** Keeps the lines of the category. */
    private static final class Lines extends Handler {
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final Formatter text = new PatternFormatter("%s");

        @Override
        public void publish(LogRecord line) {
            lines.add(text.format(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}

        /** Returns the records whose field is so, once there are so many. */
        private List<JsonNode> of(String field, String value, int count) {
            List<JsonNode> found = new ArrayList<>();
            Api.eventually(count + " records of " + value, () -> {
                found.clear();
                lines.stream()
                        .map(Lines::parsed)
                        .filter(line -> line.path(field).asText().equals(value))
                        .forEach(found::add);
                return found.size() == count;
            });
            return found;
        }

        private static JsonNode parsed(String line) {
            try {
                return JSON.readTree(line);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @BeforeEach
    void listen() {
        AUDIT.addHandler(lines);
    }

    @AfterEach
    void stop() {
        AUDIT.removeHandler(lines);
    }

    @Test
    void eachCallOfTheApiIsKnown() {
        for (var route : new ApiRoutes().all()) {
            route.methods()
                    .forEach((method, call) -> assertTrue(
                            Operation.isKnown(call.operation().id()), () -> method + " " + route.template()));
        }
    }

    private RequestSpecification traced() {
        return given().header("traceparent", trace);
    }

    @Test
    void aForcedEndIsRecordedWithTheTraceOfItsRequest() {
        traced().delete("/v1/sessions/1-4000000017?force=true").then().statusCode(404);
        traced().delete("/v1/sessions/1-4000000018?cause=dead").then().statusCode(404);
        traced().delete("/v1/sessions/1-4000000019").then().statusCode(404);
        List<JsonNode> records = lines.of("request", trace, 2);
        JsonNode forced = records.get(0);
        assertEquals("endSession", forced.path("operation").asText());
        assertEquals("break", forced.path("verb").asText());
        assertEquals("1-4000000017", forced.path("session").asText());
        assertEquals("anonymous", forced.path("principal").asText());
        assertEquals("127.0.0.1", forced.path("remote").asText());
        assertEquals("plain", forced.path("via").asText());
        assertEquals("refused", forced.path("outcome").asText());
        assertEquals("session-unknown", forced.path("problem").asText());
        assertEquals("ending a session by force", forced.path("detail").asText());
        assertTrue(forced.path("revision").asText().matches("[0-9]+-[0-9]+"), forced::toString);
        assertEquals(
                "ending a session whose client is confirmed dead",
                records.get(1).path("detail").asText());
    }

    @Test
    void aRecordHasWhatWasReadAndNotWhatWasWritten() {
        traced().header("Authorization", "Bearer " + TestTokens.of("ann"))
                .contentType("application/json")
                .body("{\"reason\":\"stu\\u0063k\",\"grant\":\"\\u0061udit-1\"}")
                .post("/v1/locks/audit/lock/-/break")
                .then()
                .statusCode(404);
        JsonNode record = lines.of("request", trace, 1).get(0);
        assertEquals("audit/lock", record.path("lock").asText());
        assertEquals("audit-1", record.path("grant").asText());
        assertEquals("stuck", record.path("detail").asText());
        assertEquals("jwt:test:ann", record.path("principal").asText());
        assertEquals("jwt", record.path("method").asText());
        assertTrue(record.path("credential").asText().length() > 10, record::toString);
    }

    @Test
    void whatIsNotValidIsNotCopied() {
        traced().contentType("application/json")
                .body("{\"reason\":\"line\\nline\",\"grant\":\"audit/1\"}")
                .post("/v1/locks/audit/lock/-/break")
                .then()
                .statusCode(400);
        JsonNode record = lines.of("request", trace, 1).get(0);
        assertEquals("invalid-request", record.path("problem").asText());
        assertFalse(record.has("lock") || record.has("grant") || record.has("detail"), record::toString);
    }

    /** From an address of their own, so that equal refusals of other tests are others. */
    @Test
    void aFailedCredentialIsOneLineOfMany() throws IOException {
        String ask = "GET /v1/locks/audit/lock HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
        for (int i = 0; i < 5; i++) {
            assertTrue(sent(ask + "Authorization: Bearer swordfish" + i + "\r\n\r\n")
                    .startsWith("HTTP/1.1 401 "));
        }
        assertTrue(sent(ask + "Origin: http://elsewhere.example\r\n\r\n").startsWith("HTTP/1.1 403 "));
        List<JsonNode> records = lines.of("remote", "127.0.0.3", 2);
        assertEquals("unauthenticated", records.get(0).path("problem").asText());
        assertEquals("getLock", records.get(0).path("operation").asText());
        assertFalse(records.get(0).has("principal"), records::toString);
        assertFalse(records.toString().contains("swordfish"), records::toString);
        assertEquals("foreign-origin", records.get(1).path("problem").asText());
    }

    private static String sent(String request) throws IOException {
        var loopback = InetAddress.getByName("127.0.0.1");
        try (var socket = new Socket(loopback, RestAssured.port, InetAddress.getByName("127.0.0.3"), 0)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void administrationIsRecordedAndADryRunIsNot() {
        for (String query : List.of("?dryRun=true", "")) {
            traced().delete("/v1/cluster/members/4000" + query).then().statusCode(404);
        }
        traced().get("/v1/locks/audit/lock").then().statusCode(200);
        JsonNode record = lines.of("request", trace, 1).get(0);
        assertEquals("removeMember", record.path("operation").asText());
        assertEquals("admin:members", record.path("verb").asText());
        assertEquals("removing member 4000", record.path("detail").asText());
        assertEquals("member-unknown", record.path("problem").asText());
    }
}
