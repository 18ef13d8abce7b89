package io.holdfast.cdi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientSettingsTest {

    @TempDir
    private Path directory;

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
                holdfast.client.timeout is no setting; after holdfast.client. comes one of auth-file, ca-file, \
                candidate, cert-file, discover, elections, endpoints, grace, key-file, lock-delay, name, \
                ttl""", wrong.getMessage());
    }

    @Test
    void filesAndWhatIsWrongOnlyTogetherAreCheckedToo() throws IOException {
        Path credential = Files.writeString(directory.resolve("credential"), "secret-of-mine");
        says("holdfast.client.auth-file: ", Map.of("holdfast.client.auth-file", directory + "/none"));
        says(
                "a credential is not sent in clear text to http://one:7100",
                Map.of("holdfast.client.auth-file", "" + credential));
        says(directory + "/none", Map.of("holdfast.client.ca-file", directory + "/none"));
        says("a certificate and its key are given together", Map.of("holdfast.client.cert-file", "" + credential));
        says("holdfast.client.discover: give true or false, not yes", Map.of("holdfast.client.discover", "yes"));
    }

    private static void says(String words, Map<String, String> wrong) {
        Map<String, String> settings = new TreeMap<>(wrong);
        settings.put("holdfast.client.endpoints", "http://one:7100");
        String message = assertThrows(IllegalStateException.class, () -> ClientSettings.read(config(settings)))
                .getMessage();
        assertTrue(message.contains(words), message);
        assertEquals(2, message.lines().count(), message);
        assertFalse(message.contains("secret-of-mine"), message);
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
