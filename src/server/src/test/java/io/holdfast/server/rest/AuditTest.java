package io.holdfast.server.rest;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;

@QuarkusTest
class AuditTest {

    private static final Logger AUDIT = Logger.getLogger("io.holdfast.audit");

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
    }

    @Test
    void aForcedEndIsLoggedWithTheTraceOfItsRequest() {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        Lines seen = new Lines();
        AUDIT.addHandler(seen);
        try {
            given().header("traceparent", trace)
                    .delete("/v1/sessions/1-4000000017?force=true")
                    .then()
                    .statusCode(404);
            given().delete("/v1/sessions/1-4000000018?cause=dead").then().statusCode(404);
        } finally {
            AUDIT.removeHandler(seen);
        }
        assertEquals(2, seen.lines.size(), seen.lines::toString);
        assertTrue(
                seen.lines.get(0).matches("ending session 1-4000000017 by force, asked for by [0-9.:a-f]+: .*"),
                seen.lines::toString);
        assertTrue(seen.lines.get(0).endsWith(" traceparent=" + trace), seen.lines::toString);
        assertTrue(
                seen.lines.get(1).startsWith("ending session 1-4000000018, whose client is confirmed dead, asked for"),
                seen.lines::toString);
        assertTrue(!seen.lines.get(1).contains("traceparent"), seen.lines::toString);
    }
}
