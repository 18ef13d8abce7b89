package io.holdfast.server.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExposureTest {

    private static final Map<String, String> SECURED = Map.of(
            "holdfast.tls.mode", "required",
            "holdfast.peer.tls.mode", "required",
            "holdfast.tls.client-certificates", "optional");

    @Test
    void aNodeThatIsNotSecuredListensOnLoopbackOnly() {
        for (String host : List.of("127.0.0.1", "127.8.8.8", "localhost", "LOCALHOST", "::1", "[::1]")) {
            assertDoesNotThrow(() -> Exposure.check(config(Map.of()), host, host), host);
        }
        for (String host : List.of(
                "0.0.0.0",
                "::",
                "[::]",
                "10.0.0.1",
                "fd00::1",
                "node-1.example.com",
                "localhost.example.com",
                "127.1.",
                "128.0.0.1")) {
            assertRefused("quarkus.http.host", Map.of(), host, "127.0.0.1");
            assertRefused("holdfast.peer.host", Map.of(), "127.0.0.1", host);
            assertDoesNotThrow(() -> Exposure.check(config(SECURED), host, host), host);
            assertDoesNotThrow(() -> Exposure.check(config(Map.of("holdfast.insecure", "true")), host, host), host);
        }
    }

    @Test
    void eachPartThatIsMissingIsNamed() {
        assertTrue(Exposure.isSecured(config(SECURED)));
        for (Map.Entry<String, String> weak : Map.of(
                        "holdfast.tls.mode", "both",
                        "holdfast.peer.tls.mode", "mixed",
                        "holdfast.tls.client-certificates", "none")
                .entrySet()) {
            Map<String, String> settings = new HashMap<>(SECURED);
            settings.put(weak.getKey(), weak.getValue());
            String said = assertRefused("quarkus.http.host", settings, "10.0.0.1", "10.0.0.1");
            assertTrue(said.contains(weak.getKey()) && said.contains("holdfast.insecure"), said);
            assertFalse(Exposure.isSecured(config(settings)));
        }
    }

    @Test
    void eachWayToProveAnIdentityCounts() {
        for (Map<String, String> way : List.of(
                Map.of("holdfast.auth.issuers.corp.audience", "holdfast"),
                Map.of("holdfast.auth.kubernetes.enabled", "true"),
                Map.of("holdfast.auth.bootstrap-key-hash", "0".repeat(64)),
                Map.of("holdfast.tls.client-certificates", "required"))) {
            Map<String, String> settings = new HashMap<>(SECURED);
            settings.remove("holdfast.tls.client-certificates");
            settings.putAll(way);
            assertTrue(Exposure.isSecured(config(settings)), way.toString());
        }
        Map<String, String> administrators = new HashMap<>(SECURED);
        administrators.remove("holdfast.tls.client-certificates");
        administrators.put("holdfast.auth.administrators", "cert:CN=root");
        assertFalse(Exposure.isSecured(config(administrators)), "no credential proves that name");
    }

    @Test
    void clientsAreServedOnLoopbackUnlessTheSettingsOpenTheNode() {
        assertEquals("127.0.0.1", defaultHost(Map.of()));
        assertEquals("127.0.0.1", defaultHost(Map.of("holdfast.insecure", "false", "holdfast.tls.mode", "off")));
        assertEquals("0.0.0.0", defaultHost(Map.of("holdfast.insecure", "Yes")));
        assertEquals("0.0.0.0", defaultHost(Map.of("holdfast.tls.mode", "required")));
        assertEquals("10.0.0.1", defaultHost(Map.of("holdfast.insecure", "true", "quarkus.http.host", "10.0.0.1")));
    }

    private static String defaultHost(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withSources(new DefaultHost())
                .withSources(new PropertiesConfigSource(values, "test", 300))
                .build()
                .getValue("quarkus.http.host", String.class);
    }

    private static String assertRefused(String key, Map<String, String> settings, String http, String peer) {
        String said = assertThrows(
                        BadConfiguration.class, () -> Exposure.check(config(settings), http, peer), http + " " + peer)
                .getMessage();
        assertTrue(said.startsWith(key + ": "), said);
        return said;
    }

    private static HoldfastConfig config(Map<String, String> values) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withConverter(MemorySize.class, 200, new MemorySizeConverter())
                .withDefaultValues(values)
                .withMapping(HoldfastConfig.class)
                .build();
        return config.getConfigMapping(HoldfastConfig.class);
    }
}
