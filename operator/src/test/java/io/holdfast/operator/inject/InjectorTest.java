package io.holdfast.operator.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.holdfast.ensemble.Eventually;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.manifests.Repository;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.test.kubernetes.client.KubernetesServer;
import io.quarkus.test.kubernetes.client.WithKubernetesTestServer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

/** The whole injector as the API server sees it: over HTTPS, with the certificate that it made itself. */
@QuarkusTest
@TestProfile(InjectorTest.AsInjector.class)
@WithKubernetesTestServer(crud = true, setup = InjectorTest.Applied.class)
class InjectorTest {

    private static final String HOST = "holdfast-injector.holdfast-system.svc";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The settings of k8s/components/injector, with files of this test. */
    public static final class AsInjector implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            try {
                Path files = Files.createTempDirectory("injector");
                return Map.of(
                        "holdfast.operator.role", "injector",
                        "holdfast.injector.sidecar-image", "holdfast-sidecar:0.1.0",
                        "pod.namespace", "holdfast-system",
                        "quarkus.http.ssl.certificate.files",
                                files.resolve("tls.crt").toString(),
                        "quarkus.http.ssl.certificate.key-files",
                                files.resolve("tls.key").toString(),
                        "quarkus.http.test-port", "0",
                        "quarkus.http.test-ssl-port", "0");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What is there when the injector starts. */
    public static final class Applied implements Consumer<KubernetesServer> {
        @Override
        public void accept(KubernetesServer server) {
            try (KubernetesClient client = server.getClient();
                    InputStream webhook =
                            Files.newInputStream(Repository.file("k8s/components/injector/webhook.yaml"))) {
                client.load(webhook).create();
                LockCluster cluster = new LockCluster();
                cluster.getMetadata().setNamespace("shop");
                cluster.getMetadata().setName("orders");
                client.resource(cluster).create();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Inject
    @SuppressWarnings("NullAway.Init")
    KubernetesClient client;

    @TestHTTPResource(value = "/", tls = true)
    @SuppressWarnings("NullAway.Init")
    URI secured;

    @TestHTTPResource("/")
    @SuppressWarnings("NullAway.Init")
    URI plain;

    private static String review(String namespace, String annotations) {
        return """
                {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u-1",
                 "operation":"CREATE","resource":{"group":"","version":"v1","resource":"pods"},"namespace":"%s",
                 "object":{"metadata":{"generateName":"web-","annotations":{%s}},
                  "spec":{"containers":[{"name":"web","image":"web"}]}}}}""".formatted(namespace, annotations);
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(plain.resolve("/inject"))
                                .header("Content-Type", "application/json")
                                .timeout(Duration.ofSeconds(60))
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private String bundle() {
        return client.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName("holdfast-injector")
                .get()
                .getWebhooks()
                .get(0)
                .getClientConfig()
                .getCaBundle();
    }

    /** As the API server: it trusts the caBundle alone, and checks the name of the Service. */
    private SSLContext asTheApiServer() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "bundle",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new java.io.ByteArrayInputStream(
                                Base64.getDecoder().decode(bundle()))));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Test
    void aPodIsAnsweredOverHttpsWithWhatTheBundleTrusts() throws Exception {
        byte[] body =
                review("shop", "\"holdfast.dev/elect\":\"payments/settlement\"").getBytes(StandardCharsets.UTF_8);
        try (Socket connection = new Socket("localhost", secured.getPort());
                SSLSocket socket = (SSLSocket)
                        asTheApiServer().getSocketFactory().createSocket(connection, HOST, secured.getPort(), true)) {
            SSLParameters checked = socket.getSSLParameters();
            checked.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(checked);
            socket.setSoTimeout(60_000);
            OutputStream out = socket.getOutputStream();
            out.write(("POST /inject?timeout=2s HTTP/1.1\r\nHost: " + HOST + "\r\nContent-Type: application/json\r\n"
                            + "Connection: close\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
            JsonNode response = JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4))
                    .path("response");
            assertEquals("u-1", response.path("uid").asText());
            assertTrue(response.path("allowed").asBoolean());
            assertEquals("JSONPatch", response.path("patchType").asText());
            String patch =
                    new String(Base64.getDecoder().decode(response.path("patch").asText()), StandardCharsets.UTF_8);
            assertTrue(patch.contains("http://orders-rw.shop.svc:7100"), patch);
        }
    }

    @Test
    void whatCannotBeIsAWarningAndThePodIsMade() throws Exception {
        JsonNode response = JSON.readTree(
                        post(review("empty", "\"holdfast.dev/elect\":\"a\"")).body())
                .path("response");
        assertTrue(response.path("allowed").asBoolean());
        assertTrue(response.path("patch").isMissingNode());
        assertTrue(
                response.path("warnings").get(0).asText().contains("namespace empty has no LockCluster"),
                response.toString());
    }

    @Test
    void whatIsNoReviewAndWhatIsTooLargeIsRefused() throws Exception {
        for (String wrong : List.of("{}", "[]", "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"Pod\"}")) {
            HttpResponse<String> answer = post(wrong);
            assertEquals(400, answer.statusCode());
            assertTrue(answer.body().startsWith("Send an AdmissionReview"), answer.body());
        }
        assertEquals(400, post("{").statusCode());
        try (Socket socket = new Socket("localhost", plain.getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(("POST /inject HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: 5000000\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            assertEquals("HTTP/1.1 413", answer);
        }
    }

    @Test
    void aPodThatAskedAndHasNoneGetsAnEventThatSaysWhy() throws TimeoutException {
        pod("late", "shop", "payments/settlement");
        pod("wrong", "shop", "a//b");
        Eventually.await(
                "an Event for each",
                Duration.ofSeconds(60),
                () -> message("late").contains("the injector did not answer")
                        && message("wrong").contains("no empty segment"));
    }

    private void pod(String name, String namespace, String election) {
        client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .withAnnotations(Map.of("holdfast.dev/elect", election))
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("web")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }

    private String message(String pod) {
        return client.v1().events().inNamespace("shop").list().getItems().stream()
                .filter(event ->
                        event.getInvolvedObject().getName().equals(pod) && "NotInjected".equals(event.getReason()))
                .map(Event::getMessage)
                .findFirst()
                .orElse("");
    }

    @Test
    void itIsReadyAndServesMetricsOverPlainHttp() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        for (String path : List.of("/q/health/ready", "/q/health/live", "/q/health/started", "/q/metrics")) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(plain.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode(), path + " " + answer.body());
        }
    }
}
