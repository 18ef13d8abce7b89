package io.holdfast.server.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Authority;
import io.holdfast.server.config.BadConfiguration;
import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.config.TlsConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server shows to clients and asks of them, before and after its files change. */
class ClientSideTest {

    private static final Authority SERVERS = new Authority("servers");
    private static final Authority CLIENTS = new Authority("clients");
    private static final Authority.Issued CLIENT =
            CLIENTS.certificate().dns("billing").forClients().issue();
    private static final int PATIENCE_MILLIS = 60_000;

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, String> values = new HashMap<>();
    private final AtomicReference<List<X509Certificate>> seen = new AtomicReference<>(List.of());

    @TempDir
    private Path directory;

    @BeforeEach
    void writeFiles() throws IOException {
        server().write(directory, "own");
        Authority.put(directory.resolve("clients"), CLIENTS.pem());
        Authority.put(directory.resolve("crl"), CLIENTS.revoking());
        values.putAll(Map.of(
                "holdfast.tls.mode", "both",
                "holdfast.tls.certificate", directory.resolve("own.crt").toString(),
                "holdfast.tls.key", directory.resolve("own.key").toString(),
                "holdfast.tls.client-ca", directory.resolve("clients").toString(),
                "holdfast.tls.crl", directory.resolve("crl").toString(),
                "holdfast.tls.client-certificates", "required"));
    }

    @AfterEach
    void closeVertx() {
        vertx.close();
    }

    private static Authority.Issued server() {
        return SERVERS.certificate().ip("127.0.0.1").forServers().issue();
    }

    private ClientSide side() {
        return new ClientSide(vertx, config().tls());
    }

    private HoldfastConfig config() {
        return new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withConverter(MemorySize.class, 200, new MemorySizeConverter())
                .withDefaultValues(values)
                .withMapping(HoldfastConfig.class)
                .build()
                .getConfigMapping(HoldfastConfig.class);
    }

    private int serve(ClientSide side) throws Exception {
        side.begin();
        HttpServerOptions options = new HttpServerOptions().setHost("127.0.0.1").setSsl(true);
        side.secure(options);
        HttpServer server = vertx.createHttpServer(options).requestHandler(request -> {
            seen.set(ClientSide.chain(request.sslSession()));
            request.response().end("served");
        });
        return server.listen(0)
                .toCompletionStage()
                .toCompletableFuture()
                .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .actualPort();
    }

    private static SSLContext client(Authority.@Nullable Issued own) {
        return SERVERS.client(own);
    }

    /** Returns the server's certificate after an answer. */
    private static X509Certificate ask(int port, SSLContext client, String... versions) throws IOException {
        try (SSLSocket socket =
                (SSLSocket) client.getSocketFactory().createSocket(InetAddress.getByName("127.0.0.1"), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            if (versions.length > 0) {
                socket.setEnabledProtocols(versions);
            }
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            if (!answer.endsWith("served")) {
                throw new IOException("no answer: " + answer);
            }
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private static void refused(int port, SSLContext client) {
        assertThrows(IOException.class, () -> ask(port, client));
    }

    @Test
    void aNodeMayAskItselfWhereCertificatesAreRequired() throws Exception {
        ClientSide side = side();
        int port = serve(side);
        ask(port, side.toItself());
        assertTrue(side.isOwn(seen.get()));
        ask(port, client(CLIENT));
        assertFalse(side.isOwn(seen.get()));
        refused(port, client(server()));
    }

    @Test
    void aClientShowsItsCertificate() throws Exception {
        int port = serve(side());
        ask(port, client(CLIENT));
        assertEquals(CLIENT.certificate(), seen.get().get(0));
        ask(port, client(CLIENT), "TLSv1.2");
        refused(port, client(null));
        refused(port, client(SERVERS.certificate().forClients().issue()));
        refused(port, client(CLIENTS.certificate().forServers().issue()));
        assertThrows(IOException.class, () -> ask(port, client(CLIENT), "TLSv1.1"));
    }

    @Test
    void afterAReloadAClientWithoutCertificateIsStillRefused() throws Exception {
        ClientSide side = side();
        int port = serve(side);
        SSLContext without = client(null);
        refused(port, without);
        side.look();
        refused(port, without);
        X509Certificate before = ask(port, client(CLIENT));
        Authority.Issued newer = server();
        newer.write(directory, "own");
        side.look();
        refused(port, without);
        refused(port, client(null));
        assertEquals(newer.certificate(), ask(port, client(CLIENT)));
        assertTrue(!before.equals(newer.certificate()));
        Authority.put(directory.resolve("own.key"), "nothing");
        side.look();
        assertEquals(newer.certificate(), ask(port, client(CLIENT)));
        refused(port, without);
    }

    @Test
    void aRevokedClientIsRefusedAndKnownOnOpenConnections() throws Exception {
        ClientSide side = side();
        int port = serve(side);
        SSLContext client = client(CLIENT);
        ask(port, client);
        List<X509Certificate> chain = seen.get();
        assertNull(side.objection(chain));
        Authority.put(directory.resolve("crl"), CLIENTS.revoking(CLIENT));
        side.look();
        assertNotNull(side.objection(chain));
        refused(port, client(CLIENT));
    }

    @Test
    void aCertificateIsOptionalAndMustBeGoodIfThereIsOne() throws Exception {
        values.put("holdfast.tls.client-certificates", "optional");
        int port = serve(side());
        ask(port, client(null));
        assertEquals(List.of(), seen.get());
        ask(port, client(CLIENT));
        assertEquals(CLIENT.certificate(), seen.get().get(0));
        refused(port, client(new Authority("clients").certificate().forClients().issue()));
    }

    @Test
    void aPlainRequestGetsNoAnswer() throws Exception {
        int port = serve(side());
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertTrue(!new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).contains("HTTP"));
        } catch (IOException reset) {
            assertEquals(List.of(), seen.get());
        }
    }

    @Test
    void aSettingThatIsMissingOrWrongIsNamed() throws IOException {
        values.remove("holdfast.tls.client-ca");
        named("holdfast.tls.client-ca: is needed when holdfast.tls.client-certificates is required");
        values.put("holdfast.tls.client-certificates", "none");
        values.remove("holdfast.tls.certificate");
        named("holdfast.tls.certificate: is needed when holdfast.tls.mode is both");
        values.put("holdfast.tls.certificate", directory.resolve("own.crt").toString());
        CLIENT.write(directory, "own");
        named("holdfast.tls.certificate: the certificate is not for servers");
    }

    /** The plain port is closed by a setting of the HTTP server: whatever opens it is found before it listens. */
    @Test
    void aPlainPortBesideRequiredTlsIsRefused() {
        values.put("holdfast.tls.mode", "Required");
        HoldfastConfig config = config();
        assertEquals(TlsConfig.Mode.REQUIRED, config.tls().mode());
        NodeTls tls = new NodeTls(vertx, config);
        String message = assertThrows(
                        BadConfiguration.class,
                        () -> new ClientPort(tls, config, "enabled").customizeHttpsServer(new HttpServerOptions()))
                .getMessage();
        assertTrue(message.startsWith("holdfast.tls.mode: is required, and"), message);
        HttpServerOptions options = new HttpServerOptions();
        new ClientPort(tls, config, "disabled").customizeHttpsServer(options);
        assertNotNull(options.getKeyCertOptions());
        tls.stop();
    }

    private void named(String text) {
        ClientSide side = side();
        String message = assertThrows(BadConfiguration.class, side::begin).getMessage();
        assertTrue(message.startsWith(text), message);
    }
}
