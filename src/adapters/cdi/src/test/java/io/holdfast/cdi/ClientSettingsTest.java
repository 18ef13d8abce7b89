package io.holdfast.cdi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

class ClientSettingsTest {

    static Config config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build();
    }

    @Test
    void whatIsRightIsTaken() {
        ClientSettings settings = ClientSettings.read(config(Map.of(
                "holdfast.client.endpoints", "http://one:7100, http://two:7100",
                "holdfast.client.ttl", "20s",
                "holdfast.client.grace", "2s",
                "holdfast.client.lock-delay", "1s",
                "holdfast.client.name", "billing",
                "holdfast.client.candidate", "pod-1",
                "holdfast.client.elections", "jobs, reports/a day",
                "HOLDFAST_CLIENT_LOCK_DELAY", "1s",
                "holdfast.client.lock.delay", "1s",
                "quarkus.http.port", "0")));
        assertEquals(Optional.of("pod-1"), settings.candidate());
        assertEquals(List.of("jobs", "reports/a~20day"), settings.elections());
        settings.builder().build().close();
    }

    @Test
    void eachWrongSettingIsNamedInOneMessage() {
        IllegalStateException wrong = assertThrows(
                IllegalStateException.class,
                () -> ClientSettings.read(config(Map.of(
                        "holdfast.client.endpoints", "node-1:7100",
                        "holdfast.client.ttl", "100ms",
                        "holdfast.client.grace", "-1s",
                        "holdfast.client.lock-delay", "2m",
                        "holdfast.client.name", "x".repeat(513),
                        "holdfast.client.candidate", "pod 1",
                        "holdfast.client.elections", "a,b//c",
                        "holdfast.client.timeout", "1s"))));
        assertEquals("""
                wrong settings:
                holdfast.client.candidate: an id has only A-Z a-z 0-9 . _ : @ -; the character at index 3 is \
                another: pod 1
                holdfast.client.elections: "b//c" is no name of an election: a lock name has no empty segment: no \
                slash at its start or end, and none beside another: b//c
                holdfast.client.endpoints: an endpoint is http://host:port or https://host:port, not node-1:7100
                holdfast.client.grace: give a duration such as 500ms, 15s, 2m, 1h or PT15S, not -1s
                holdfast.client.lock-delay: a lock-delay is 0 to 60 s, not PT2M
                holdfast.client.name: a name has at most 512 characters and no control characters
                holdfast.client.ttl: a ttl is PT1S to PT24H, not PT0.1S
                holdfast.client.timeout is no setting; those are holdfast.client.candidate, holdfast.client.elections, \
                holdfast.client.endpoints, holdfast.client.grace, holdfast.client.lock-delay, holdfast.client.name, \
                holdfast.client.ttl""", wrong.getMessage());
    }

    @Test
    void endpointsMustBeGiven() {
        IllegalStateException wrong =
                assertThrows(IllegalStateException.class, () -> ClientSettings.read(config(Map.of())));
        assertEquals(
                "wrong settings:\nholdfast.client.endpoints is missing: give"
                        + " http://host:port of each node, separated by commas",
                wrong.getMessage());
    }
}
