package io.holdfast.operator.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.holdfast.operator.manifests.Repository;
import io.holdfast.operator.paper.api.ApiServer;
import io.holdfast.operator.paper.api.Setup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The certificate on its way from the Secret to the files and to the webhook. */
class CertificateKeeperTest {

    private static final String NAMESPACE = "holdfast-system";

    private final ApiServer api = ApiServer.start();
    private final KubernetesClient client = api.client("admin");
    private final KubernetesClient own = api.client("injector");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final Instant now = Instant.now();

    @BeforeEach
    void apply() throws IOException {
        Setup.namespace(client, NAMESPACE);
        client.load(Files.newInputStream(Repository.file("k8s/components/injector/webhook.yaml")))
                .create();
        for (JsonNode object : Repository.documents(Repository.file("k8s/components/injector/rights.yaml"))) {
            switch (object.path("kind").asText()) {
                case "Role" -> api.rights().grant("injector", NAMESPACE, object);
                case "ClusterRole" -> api.rights().grant("injector", null, object);
                default -> {
                    // Accounts and bindings: the names that are bound are checked with the manifests.
                }
            }
        }
    }

    @AfterEach
    void stop() {
        assertEquals(List.of(), api.rights().refused());
        own.close();
        client.close();
        api.close();
    }

    private CertificateKeeper keeper(String directoryName) throws IOException {
        Path files = Files.createDirectories(directory.resolve(directoryName));
        return new CertificateKeeper(
                own,
                new CertificateKeeper.Place(
                        NAMESPACE,
                        "holdfast-injector-tls",
                        "holdfast-injector",
                        List.of("holdfast-injector.holdfast-system.svc"),
                        files.resolve("tls.crt"),
                        files.resolve("tls.key")));
    }

    private Map<String, String> secret() {
        return client.secrets()
                .inNamespace(NAMESPACE)
                .withName("holdfast-injector-tls")
                .get()
                .getData();
    }

    private String bundle() {
        return String.valueOf(client.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName("holdfast-injector")
                .get()
                .getWebhooks()
                .get(0)
                .getClientConfig()
                .getCaBundle());
    }

    @Test
    void twoReplicasShareOneCertificateAndItsRenewal() throws IOException {
        Instant ends = keeper("a").keep(now);
        assertEquals(ends, keeper("b").keep(now));
        Path file = directory.resolve("a/tls.crt");
        String first = Files.readString(file);
        assertEquals(first, Files.readString(directory.resolve("b/tls.crt")));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("a/tls.key"))));
        assertEquals(secret().get("ca.crt"), bundle());
        String bundle = bundle();
        Map<String, String> before = secret();

        Instant later = now.plus(Duration.ofDays(61));
        assertTrue(keeper("b").keep(later).isAfter(ends));
        assertNotEquals(before.get("tls.crt"), secret().get("tls.crt"));
        assertEquals(bundle, bundle(), "what is trusted stays");
        keeper("a").keep(later);
        assertNotEquals(first, Files.readString(file));
        assertEquals(Files.readString(file), Files.readString(directory.resolve("b/tls.crt")));
    }

    @Test
    void aBundleThatWasAppliedAwayIsWrittenAgain() throws IOException {
        keeper("a").keep(now);
        client.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName("holdfast-injector")
                .edit(hook -> {
                    hook.getWebhooks().get(0).getClientConfig().setCaBundle(null);
                    return hook;
                });
        keeper("a").keep(now);
        assertEquals(secret().get("ca.crt"), bundle());
    }

    @Test
    void aSecretThatIsDamagedIsLeftAndSaid() throws IOException {
        keeper("a").keep(now);
        client.secrets()
                .inNamespace(NAMESPACE)
                .withName("holdfast-injector-tls")
                .edit(secret -> {
                    secret.getData().put("tls.key", "eA==");
                    return secret;
                });
        IllegalStateException said =
                assertThrows(IllegalStateException.class, () -> keeper("a").keep(now));
        assertTrue(said.getMessage().contains("Secret holdfast-injector-tls"), said.getMessage());
        assertTrue(said.getMessage().contains("delete it"), said.getMessage());
        assertEquals("eA==", secret().get("tls.key"));
    }

    @Test
    void aWebhookThatIsNotThereIsSaid() throws IOException {
        client.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName("holdfast-injector")
                .delete();
        IllegalStateException said =
                assertThrows(IllegalStateException.class, () -> keeper("a").keep(now));
        assertTrue(said.getMessage().contains("apply k8s/components/injector"), said.getMessage());
        assertFalse(Files.exists(directory.resolve("a/tls.crt")), "shown only what is trusted");
    }
}
