package io.holdfast.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.KeyText;
import io.holdfast.ensemble.Authority;
import io.holdfast.ensemble.Eventually;
import io.holdfast.server.edge.ManagementPort;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A node that serves no stranger: TLS alone, rules enforced from the beginning, and monitoring on a port of its own.
 */
@QuarkusTest
@TestProfile(SecuredNodeTest.Secured.class)
class SecuredNodeTest {

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final int BOUND_MILLIS = 60_000;
    private static final int SILENT = 60;
    private static final Pattern KEY = Pattern.compile("\"key\":\\s*\"([^\"]+)\"");

    @Inject
    ManagementPort management;

    /** The settings of a secured node that is alone. */
    public static class Secured implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Authority authority = new Authority("all");
            KeyText first = KeyText.generate("bootstrap", new SecureRandom());
            try {
                Path files = Files.createTempDirectory("holdfast-secured");
                authority
                        .certificate()
                        .ip("127.0.0.1")
                        .dns("localhost")
                        .forServers()
                        .issue()
                        .write(files, "server");
                authority.certificate().dns("root").forClients().issue().write(files, "root");
                authority.member("holdfast", 1).write(files, "member");
                Authority.put(files.resolve("ca.crt"), authority.pem());
                Files.writeString(files.resolve("first"), first.text());
                return Map.ofEntries(
                        Map.entry("holdfast.tls.mode", "required"),
                        Map.entry("holdfast.tls.certificate", files + "/server.crt"),
                        Map.entry("holdfast.tls.key", files + "/server.key"),
                        Map.entry("holdfast.tls.client-ca", files + "/ca.crt"),
                        Map.entry("holdfast.tls.client-certificates", "optional"),
                        Map.entry("holdfast.peer.tls.mode", "required"),
                        Map.entry("holdfast.peer.tls.certificate", files + "/member.crt"),
                        Map.entry("holdfast.peer.tls.key", files + "/member.key"),
                        Map.entry("holdfast.peer.tls.ca", files + "/ca.crt"),
                        Map.entry("holdfast.auth.administrators", "cert:root"),
                        Map.entry("holdfast.auth.bootstrap-key-hash", first.hash()),
                        Map.entry("holdfast.management.port", "0"));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** The files are read: the class that wrote them may have been loaded apart from this one. */
    private static Path file(String name) {
        Path server = ConfigProvider.getConfig().getValue("holdfast.tls.certificate", Path.class);
        return server.resolveSibling(name);
    }

    private static String first() throws IOException {
        return Files.readString(file("first"));
    }

    private static X509Certificate certificate(String name) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file(name))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    /** Returns what a client uses, with the certificate of the administrator of the settings or with none. */
    private static SSLContext tls(boolean asRoot) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", certificate("ca.crt"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        if (asRoot) {
            String pem = Files.readString(file("root.key")).replaceAll("-----[^-]*-----|\\s", "");
            PrivateKey key = KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
            own.setKeyEntry("root", key, new char[0], new X509Certificate[] {certificate("root.crt")});
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static int port() {
        return ConfigProvider.getConfig().getValue("quarkus.http.test-ssl-port", Integer.class);
    }

    private static HttpResponse<String> ask(SSLContext tls, String method, String path, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port() + path))
                .timeout(BOUND)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newBuilder()
                .sslContext(tls)
                .build()
                .send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> with(@Nullable String key, String method, String path, String body)
            throws Exception {
        SSLContext tls = tls(false);
        return key == null
                ? ask(tls, method, path, body)
                : ask(tls, method, path, body, "Authorization", "Bearer " + key);
    }

    private HttpResponse<String> monitoring(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management.port() + path))
                                .timeout(BOUND)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private void ready() throws Exception {
        Eventually.await("the port for monitoring is open", BOUND, () -> management.port() > 0);
        Eventually.await("the node is ready", BOUND, () -> isUp("/q/health/ready"));
    }

    private boolean isUp(String path) {
        try {
            return monitoring(path).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theKeyOfTheSettingsMakesTheFirstAdministrator() throws Exception {
        ready();
        SSLContext root = tls(true);
        String first = first();
        HttpResponse<String> stranger = with(null, "GET", "/v1/acl", "");
        assertEquals(401, stranger.statusCode(), stranger.body());
        assertTrue(stranger.headers().firstValue("WWW-Authenticate").isPresent());
        assertEquals(200, with(first, "GET", "/v1/acl", "").statusCode());
        assertEquals(403, with(first, "GET", "/v1/locks/a", "").statusCode(), "it is for rules alone");
        HttpResponse<String> made = with(first, "POST", "/v1/acl/keys", "{'name':'ops'}");
        assertEquals(201, made.statusCode(), made.body());
        Matcher key = KEY.matcher(made.body());
        assertTrue(key.find(), "a key");
        String ops = key.group(1);
        assertEquals(403, with(ops, "GET", "/v1/acl", "").statusCode(), "no rule is about it yet");

        assertEquals(
                200,
                with(first, "PUT", "/v1/acl/policies/all", "{'rules':[{'verbs':['admin']}]}")
                        .statusCode());
        HttpResponse<String> bound =
                with(first, "PUT", "/v1/acl/bindings/all?force=true", "{'policy':'all','to':['key:ops']}");
        assertEquals(200, bound.statusCode(), bound.body());

        assertEquals(200, with(ops, "GET", "/v1/acl", "").statusCode());
        HttpResponse<String> over = with(first, "GET", "/v1/acl", "");
        assertTrue(over.statusCode() == 401 || over.statusCode() == 403, over::body);
        assertEquals(200, ask(root, "GET", "/v1/acl", "").statusCode(), "an administrator of the settings");
        HttpResponse<String> cluster = ask(root, "GET", "/v1/cluster", "");
        assertTrue(cluster.body().contains("\"secure\":true"), cluster::body);
    }

    @Test
    void aRequestWithoutACredentialIsRefusedBeforeItsBody() throws Exception {
        ready();
        for (String call : List.of("POST /v1/sessions", "PUT /v1/grants/a", "PUT /v1/acl", "GET /v1/cluster")) {
            String answer = raw(call + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 60000\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 401 "), answer);
            assertTrue(answer.contains("urn:holdfast:problem:unauthenticated"), answer);
        }
        assertEquals(200, with(null, "GET", "/v1/acl/whoami", "").statusCode(), "it shows what a credential proves");
    }

    /** Returns what comes until the node closes the connection. */
    private static String raw(String text) throws Exception {
        try (Socket socket = tls(false).getSocketFactory().createSocket("127.0.0.1", port())) {
            socket.setSoTimeout(BOUND_MILLIS);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void probesAndMetricsHaveAPortOfTheirOwn() throws Exception {
        ready();
        String metrics = monitoring("/q/metrics").body();
        assertTrue(metrics.contains("\nholdfast_insecure 0.0"), metrics);
        assertEquals(200, monitoring("/q/health/live").statusCode());
        assertEquals(200, monitoring("/q/openapi").statusCode());
        for (String path : List.of("/v1/cluster", "/v1/acl/whoami", "/v1", "/q", "/q/dev", "/q/metricsx", "/")) {
            HttpResponse<String> other = monitoring(path);
            assertEquals(404, other.statusCode(), path);
            assertTrue(other.body().contains("path-unknown"), other::body);
        }
        for (String path : List.of("/q/metrics", "/q/metrics/", "/q/health/live", "/q/openapi", "/q/swagger-ui")) {
            assertEquals(404, with(null, "GET", path, "").statusCode(), path);
        }
    }

    @Test
    void anAnswerIsNeverTakenForAPage() throws Exception {
        ready();
        for (String path : List.of("/v1/acl/whoami", "/v1/cluster", "/v1/nothing", "/q/metrics")) {
            var answer = ask(tls(false), "GET", path, "", "Accept", "text/html").headers();
            assertEquals("nosniff", answer.firstValue("X-Content-Type-Options").orElse("none"), path);
            assertEquals("no-store", answer.firstValue("Cache-Control").orElse("none"), path);
            assertEquals(
                    "frame-ancestors 'none'",
                    answer.firstValue("Content-Security-Policy").orElse("none"));
            assertTrue(answer.firstValue("Strict-Transport-Security").isPresent(), path);
            assertFalse(answer.firstValue("Server").isPresent(), path);
            assertFalse(answer.firstValue("Content-Type").orElse("").contains("html"), path);
        }
    }

    private static void untilClosed(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
        } catch (SocketException reset) {
            assertTrue(reset.getMessage().contains("reset"), reset::toString);
        }
    }

    @Test
    void silentConnectionsDoNotSlowClients() throws Exception {
        ready();
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < SILENT; i++) {
                Socket socket = new Socket("127.0.0.1", port());
                socket.setSoTimeout(BOUND_MILLIS);
                silent.add(socket);
                if (i % 2 == 0) {
                    // A handshake that begins and goes no further.
                    socket.getOutputStream().write(new byte[] {0x16, 3, 1, 2});
                }
            }
            assertEquals(200, with(null, "GET", "/v1/acl/whoami", "").statusCode());
            for (Socket socket : silent) {
                untilClosed(socket);
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }
}
