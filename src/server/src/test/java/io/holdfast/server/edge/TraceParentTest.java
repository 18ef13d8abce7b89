package io.holdfast.server.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.MultiMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceParentTest {

    private static final String GOOD = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private static String suffix(String... values) {
        return TraceParent.suffix(
                MultiMap.caseInsensitiveMultiMap().add("Traceparent", (Iterable<String>) List.of(values)));
    }

    @Test
    void aTraceIsNamedAsTheClientSaid() {
        assertEquals(" traceparent=" + GOOD, suffix(GOOD));
        assertEquals(" traceparent=01" + GOOD.substring(2), suffix("01" + GOOD.substring(2) + "-what-may-follow"));
        assertEquals("", TraceParent.suffix(MultiMap.caseInsensitiveMultiMap()));
    }

    @Test
    void whatIsNotWellFormedIsNeverInALine() {
        for (String wrong : List.of(
                "",
                "x",
                GOOD.toUpperCase(java.util.Locale.ROOT),
                GOOD + "-more",
                GOOD + "-",
                GOOD + "\nERROR forged",
                "01" + GOOD.substring(2) + "more",
                "ff" + GOOD.substring(2),
                GOOD.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0".repeat(32)),
                GOOD.replace("00f067aa0ba902b7", "0".repeat(16)),
                GOOD.substring(0, 54),
                " " + GOOD,
                "0".repeat(10_000))) {
            assertEquals("", suffix(wrong), wrong);
        }
        assertEquals("", suffix(GOOD, GOOD));
    }
}
