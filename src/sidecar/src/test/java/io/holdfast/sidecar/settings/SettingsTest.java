package io.holdfast.sidecar.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each variable: what it is unless given, and what is said of one that cannot be used. */
class SettingsTest {

    @TempDir
    private Path directory;

    private static Map<String, String> with(String... pairs) {
        Map<String, String> variables = new HashMap<>();
        variables.put("HOLDFAST_ENDPOINTS", "http://node-1:7100, http://node-2:7100");
        variables.put("HOLDFAST_ELECTION", "jobs/leader");
        for (int i = 0; i < pairs.length; i += 2) {
            variables.put(pairs[i], pairs[i + 1]);
        }
        return variables;
    }

    private static Settings read(String... pairs) {
        return Settings.read(with(pairs), "host-1");
    }

    private static String refusal(String... pairs) {
        return assertThrows(BadSettingException.class, () -> read(pairs)).getMessage();
    }

    @Test
    void whatIsNotGivenHasADefault() {
        Settings settings = read("HOLDFAST_GRACE", "  ");
        assertEquals(List.of("http://node-1:7100", "http://node-2:7100"), settings.endpoints());
        assertEquals("host-1", settings.candidate());
        assertEquals("host-1/holdfast", settings.session());
        assertEquals(Duration.ofSeconds(10), settings.ttl());
        assertEquals(Duration.ofSeconds(2), settings.grace());
        assertEquals(Duration.ofSeconds(20), settings.drain());
        assertEquals("/127.0.0.1:7180", settings.listen().toString());
        assertEquals("/0.0.0.0:7181", settings.probes().toString());
        assertTrue(settings.eligible().isEmpty()
                && settings.onElected().isEmpty()
                && settings.onStop().isEmpty());
        assertFalse(settings.kubernetes().isUsed());
        settings.client().close();
    }

    @Test
    void aPodIsNamedByTheDownwardApi() {
        Settings settings = read(
                "POD_NAME",
                "web-0",
                "POD_NAMESPACE",
                "shop",
                "POD_UID",
                "1f3a",
                "POD_IP",
                "10.0.0.7",
                "KUBERNETES_SERVICE_HOST",
                "fd00::1",
                "KUBERNETES_SERVICE_PORT",
                "6443",
                "HOLDFAST_POD_LABEL",
                "takeover",
                "HOLDFAST_ENDPOINT_SLICE",
                "web-leader",
                "HOLDFAST_CONTAINER",
                "elector",
                "HOLDFAST_METADATA",
                "{\"url\":\"http://10.0.0.7\"}");
        assertEquals("web-0", settings.candidate());
        assertEquals("1f3a/elector", settings.session());
        assertEquals(PodLabelMode.TAKEOVER, settings.kubernetes().label());
        assertEquals(URI.create("https://[fd00::1]:6443"), settings.kubernetes().api());
        assertEquals("{\"url\":\"http://10.0.0.7\"}", settings.metadata().json());
    }

    @Test
    void whatIsMissingIsNamedWithAnExample() {
        Map<String, String> bare = with();
        bare.remove("HOLDFAST_ENDPOINTS");
        assertEquals(
                "HOLDFAST_ENDPOINTS: is missing: set it to the nodes, such as"
                        + " http://holdfast-0:7100,http://holdfast-1:7100",
                assertThrows(BadSettingException.class, () -> Settings.read(bare, "h"))
                        .getMessage());
        assertEquals(
                "HOLDFAST_ELECTION: is missing: set it to the name of the lock that is the election, such as"
                        + " jobs/leader",
                refusal("HOLDFAST_ELECTION", ""));
    }

    @Test
    void whatCannotBeUsedIsNamedWithWhatToDo() {
        assertSaid("HOLDFAST_ENDPOINTS", "node-1:7100", "an endpoint is http://host:port or https://host:port");
        assertSaid("HOLDFAST_ENDPOINTS", ",", "names no node");
        assertSaid("HOLDFAST_ENDPOINTS", "http://a b", "correct it");
        assertSaid("HOLDFAST_ELECTION", "jobs//leader", "no empty segment");
        assertSaid("HOLDFAST_CANDIDATE", "pod 1", "set it to the name of the pod");
        assertSaid("HOLDFAST_METADATA", "url", "correct it");
        assertSaid("HOLDFAST_METADATA", "{\"a\":\"" + "x".repeat(4050) + "\"}", "at most ");
        assertSaid("HOLDFAST_TTL", "10", "a duration such as 500ms");
        assertSaid("HOLDFAST_TTL", "500ms", "set it to 1s to 3600s, not 500ms");
        assertSaid("HOLDFAST_GRACE", "6s", "set it to 0s to 5s, not 6s");
        assertSaid("HOLDFAST_METADATA", "{\"a\":\"" + "ü".repeat(2025) + "\"}", "at most ");
        String grace = refusal("HOLDFAST_TTL", "1001ms", "HOLDFAST_GRACE", "501ms");
        assertEquals("HOLDFAST_GRACE: set it to 0s to 500ms, not 501ms", grace);
        assertSaid("HOLDFAST_DRAIN", "2h", "set it to 0s to 3600s");
        assertSaid("HOLDFAST_ELIGIBLE_URL", "localhost:8080", "a URL such as http://localhost:8080/ready");
        assertSaid("HOLDFAST_ELIGIBLE_URL", "http://a b/", "a URL such as");
        assertSaid("HOLDFAST_ON_ELECTED", "./start.sh", "a hook is http://…, exec:COMMAND [ARG…] or signal:TERM");
        assertSaid("HOLDFAST_ON_STOP", "http:///stop", "a hook by HTTP is such as");
        assertSaid("HOLDFAST_ON_STOP", "exec: ", "none is named");
        assertSaid("HOLDFAST_ON_STOP", "signal:STOP:web", "with TERM, KILL, INT, HUP, QUIT, USR1 or USR2");
        assertSaid("HOLDFAST_ON_STOP", "signal:TERM", "a hook by a signal is");
        assertSaid("HOLDFAST_WORK_PORT", "http", "a port, 1 to 65535");
        assertSaid("HOLDFAST_WORK_PORT", "tcp://10.0.0.1:8080", "a port, 1 to 65535");
        assertSaid("HOLDFAST_WORK_PORT", "0", "a port, 1 to 65535");
        assertSaid("HOLDFAST_LISTEN", "7180", "ADDRESS:PORT, such as 127.0.0.1:7180");
        assertSaid("HOLDFAST_PROBE_LISTEN", "0.0.0.0:99999", "a port, 1 to 65535");
        assertSaid("HOLDFAST_POD_LABEL", "yes", "set it to off, self or takeover, not 'yes'");
        assertSaid("HOLDFAST_ENDPOINT_SLICE", "Web", "the name of an EndpointSlice");
        assertSaid("HOLDFAST_KUBERNETES_URL", "kubernetes", "a URL such as");
        assertSaid("HOLDFAST_CA_FILE", "/no/such/file", "a file that can be read");
        assertSaid("HOLDFAST_AUTH_FILE", "/no/such/file", "a file that can be read");
        assertSaid("POD_IP", "ten", "set it from status.podIP");
        assertSaid("POD_NAMESPACE", "a/b", "set it from the pod's metadata");
    }

    private static void assertSaid(String name, String value, String words) {
        String refusal = refusal(name, value);
        assertTrue(refusal.startsWith(name + ": ") && refusal.contains(words), refusal);
        assertFalse(refusal.contains("\n"), refusal);
    }

    @Test
    void directingTrafficNeedsToKnowThePod() {
        assertEquals(
                "KUBERNETES_SERVICE_HOST: is missing, so this is no pod: set HOLDFAST_POD_LABEL to off and"
                        + " HOLDFAST_ENDPOINT_SLICE to nothing",
                refusal("HOLDFAST_POD_LABEL", "self"));
        String[] pod = {"KUBERNETES_SERVICE_HOST", "10.96.0.1", "HOLDFAST_POD_LABEL", "self", "POD_NAME", "web-0"};
        assertEquals(
                "POD_UID: is missing, and HOLDFAST_POD_LABEL needs it: set it from the field metadata.uid of the pod",
                refusal(pod));
        String[] slice = {"KUBERNETES_SERVICE_HOST", "10.96.0.1", "HOLDFAST_ENDPOINT_SLICE", "s", "POD_NAMESPACE", "n"};
        assertEquals(
                "POD_IP: is missing, and HOLDFAST_ENDPOINT_SLICE needs it: set it from the field status.podIP of the"
                        + " pod",
                refusal(slice));
    }

    @Test
    void filesOfSecurityAreChecked() throws IOException {
        Path none = Files.writeString(directory.resolve("none.pem"), "nothing");
        assertEquals(
                "HOLDFAST_KEY_FILE: is missing: certificate and key are set together",
                refusal("HOLDFAST_CERT_FILE", none.toString()));
        String ca = clientRefusal("HOLDFAST_CA_FILE", none.toString());
        assertTrue(ca.startsWith("HOLDFAST_CA_FILE: ") && ca.contains(none.toString()), ca);
        String key = clientRefusal("HOLDFAST_CERT_FILE", none.toString(), "HOLDFAST_KEY_FILE", none.toString());
        assertTrue(key.startsWith("HOLDFAST_CERT_FILE: ") && key.contains(none.toString()), key);
        Path empty = Files.writeString(directory.resolve("empty"), "");
        String auth = clientRefusal("HOLDFAST_AUTH_FILE", empty.toString());
        assertTrue(auth.startsWith("HOLDFAST_AUTH_FILE: ") && auth.contains(empty.toString()), auth);
        String plain = clientRefusal("HOLDFAST_AUTH_FILE", none.toString());
        assertTrue(plain.startsWith("HOLDFAST_AUTH_FILE: ") && plain.contains("http://node-1:7100"), plain);
    }

    /** Neither a setting that is wrong nor the settings themselves show what a file of security has. */
    @Test
    void noWordHasACredential() throws IOException {
        for (String credential :
                List.of("hfk_ops_canary", "eyJhbGciOiJFUzI1NiJ9.canary.c2ln", "a\u0001canary", "canary\ncanary")) {
            String file =
                    Files.writeString(directory.resolve("auth"), credential).toString();
            assertFalse(read("HOLDFAST_AUTH_FILE", file).toString().contains("canary"));
            for (String name : List.of("HOLDFAST_AUTH_FILE", "HOLDFAST_CA_FILE")) {
                String refusal = clientRefusal(name, file);
                assertTrue(refusal.startsWith(name) && !refusal.contains("canary"), refusal);
            }
            String pair = clientRefusal("HOLDFAST_CERT_FILE", file, "HOLDFAST_KEY_FILE", file);
            assertFalse(pair.contains("canary"), pair);
        }
    }

    private static String clientRefusal(String... pairs) {
        Settings settings = read(pairs);
        return assertThrows(BadSettingException.class, settings::client).getMessage();
    }

    @Test
    void aMisspelledVariableIsNoticedAndThoseOfServicesAreNot() {
        Map<String, String> variables = with(
                "HOLDFAST_ELECTON", "a",
                "HOLDFAST_SERVICE_HOST", "10.0.0.1",
                "HOLDFAST_PORT", "tcp://10.0.0.1:7100",
                "HOLDFAST_PORT_7100_TCP_ADDR", "10.0.0.1",
                "HOLDFAST_TOKEN", "1");
        assertEquals(Set.of("HOLDFAST_ELECTON"), Settings.unknown(variables));
    }
}
