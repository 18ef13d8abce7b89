package io.holdfast.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.holdfast.client.Credential;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.HttpVersion;
import io.holdfast.client.LockRequest;
import io.holdfast.client.TlsFiles;
import io.holdfast.client.UnavailableException;
import io.holdfast.client.spi.TransportException;
import io.holdfast.client.spi.TransportRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.Key;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificates, keys and credentials in files, against a server that asks for them. */
@Timeout(180)
class TlsFilesTest {

    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String NAME = "node.holdfast.test";

    @TempDir
    private static Path directory;

    private static KeyStore node;
    private static KeyStore stranger;
    private static Path ca;
    private static Path key;
    private static Path strangersCa;

    private final ExecutorService threads = Executors.newCachedThreadPool(ThreadLoop.daemons("test-https"));
    private final AtomicLong millis = new AtomicLong();
    private final TimeSource time = () -> new Mark(millis.get() * 1_000_000, millis.get());
    private final Set<Integer> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger status = new AtomicInteger(200);
    private HttpsServer server;

    @BeforeAll
    static void makeCertificates() throws Exception {
        node = keyStore("node", "EC", "DNS:" + NAME);
        stranger = keyStore("stranger", "RSA", "DNS:" + NAME + ",IP:127.0.0.1");
        ca = write("ca.pem", "CERTIFICATE", node.getCertificate("it").getEncoded());
        strangersCa = write(
                "stranger.pem", "CERTIFICATE", stranger.getCertificate("it").getEncoded());
        key = write("key.pem", "PRIVATE KEY", node.getKey("it", PASSWORD).getEncoded());
    }

    private static KeyStore keyStore(String name, String algorithm, String names) throws Exception {
        Path file = directory.resolve(name + ".p12");
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(
                        tool.toString(),
                        "-J-XX:TieredStopAtLevel=1",
                        "-genkeypair",
                        "-alias",
                        "it",
                        "-keyalg",
                        algorithm,
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=" + names,
                        "-ext",
                        "BC=ca:true",
                        "-validity",
                        "3650",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), said);
        return KeyStore.getInstance(file.toFile(), PASSWORD);
    }

    private static Path write(String name, String label, byte[] content) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(
                directory.resolve(name),
                "some words\n-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n");
    }

    private URI serve(KeyStore identity, KeyStore clients) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(identity, PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("client", clients.getCertificate("it"));
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = context.getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        server.createContext("/", exchange -> {
            connections.add(exchange.getRemoteAddress().getPort());
            exchange.sendResponseHeaders(status.get(), 2);
            exchange.getResponseBody().write(new byte[] {'o', 'k'});
            exchange.close();
        });
        server.start();
        return URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
        threads.shutdownNow();
    }

    private static void ask(HttpTransport transport, URI node) throws Exception {
        assertEquals(200, status(transport, node));
    }

    private static int status(HttpTransport transport, URI node) throws Exception {
        TransportRequest request = new TransportRequest(TransportRequest.Kind.CALL, "GET", "/v1/cluster", Map.of(), "");
        return transport
                .send(node, request, Duration.ofSeconds(60))
                .get(60, TimeUnit.SECONDS)
                .status();
    }

    private static TransportException refused(HttpTransport transport, URI node) {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> ask(transport, node));
        return (TransportException) failure.getCause();
    }

    private SSLContext context(Path trusted) {
        return FileSslContext.of(TlsFiles.trusting(trusted).presenting(ca, key), time);
    }

    @Test
    void aNodeIsVerifiedByItsNameAlsoWhenItIsReachedByItsAddress() throws Exception {
        URI node = serve(TlsFilesTest.node, TlsFilesTest.node);
        HttpTransport unnamed = new HttpTransport(context(ca), HttpVersion.HTTP_1_1);
        TransportException failure = refused(unnamed, node);
        assertFalse(failure.sent(), "nothing was said to a node that is another: " + failure);
        assertTrue(failure.getMessage().contains("127.0.0.1"), failure.getMessage());
        unnamed.close();
        for (HttpVersion version : HttpVersion.values()) {
            HttpTransport named = new HttpTransport(context(ca), version);
            named.addresses(NAME, node);
            ask(named, node);
            named.close();
        }
        HttpTransport misnamed = new HttpTransport(context(ca), HttpVersion.HTTP_1_1);
        misnamed.addresses("other.holdfast.test", node);
        assertFalse(refused(misnamed, node).sent());
        misnamed.close();
    }

    @Test
    void aNodeOfAnotherAuthorityIsNoNodeUntilTheFileChanges() throws Exception {
        URI node = serve(stranger, TlsFilesTest.node);
        Path trusted = Files.copy(ca, directory.resolve("trusted.pem"));
        HttpTransport transport = new HttpTransport(context(trusted), HttpVersion.HTTP_1_1);
        assertFalse(refused(transport, node).sent());
        Files.writeString(trusted, Files.readString(ca) + Files.readString(strangersCa));
        assertFalse(refused(transport, node).sent(), "it was looked at just now");
        millis.addAndGet(WatchedFiles.FRESH_MILLIS);
        ask(transport, node);
        // A file that is being written is no reason to lose what works.
        Files.writeString(trusted, "-----BEGIN CERTIFI");
        millis.addAndGet(WatchedFiles.FRESH_MILLIS);
        ask(transport, node);
        Files.delete(trusted);
        millis.addAndGet(WatchedFiles.FRESH_MILLIS);
        ask(transport, node);
        transport.close();
    }

    @Test
    void newFilesAreForNewConnections() throws Exception {
        URI node = serve(stranger, TlsFilesTest.node);
        Path trusted = Files.copy(strangersCa, directory.resolve("followed.pem"));
        HttpTransport transport = new HttpTransport(context(trusted), HttpVersion.HTTP_1_1);
        ask(transport, node);
        ask(transport, node);
        millis.addAndGet(WatchedFiles.FRESH_MILLIS);
        ask(transport, node);
        assertEquals(1, connections.size(), "it is used again while the files are as they were");
        Files.writeString(trusted, Files.readString(strangersCa) + Files.readString(ca));
        millis.addAndGet(WatchedFiles.FRESH_MILLIS);
        ask(transport, node);
        assertEquals(2, connections.size());
        Files.copy(strangersCa, trusted, StandardCopyOption.REPLACE_EXISTING);
        status.set(401);
        assertEquals(401, status(transport, node));
        status.set(200);
        ask(transport, node);
        assertEquals(3, connections.size(), "what was refused is not shown again");
        transport.close();
    }

    @Test
    void aWholeClientBelievesInNoLeaseOfAServerThatItDoesNotTrust() throws Exception {
        URI node = serve(stranger, stranger);
        try (HoldfastClient client = HoldfastClient.builder()
                .endpoints(node.toString())
                .tls(TlsFiles.trusting(ca))
                .ttl(Duration.ofSeconds(30))
                .build()) {
            assertThrows(
                    UnavailableException.class, () -> client.tryAcquire(LockRequest.exclusive("a"), Duration.ZERO));
        }
    }

    private void complains(String about, TlsFiles files, Path file) {
        String said = assertThrows(IllegalArgumentException.class, () -> FileSslContext.of(files, time))
                .getMessage();
        assertTrue(said.contains(about) && said.contains(file.toString()), said);
    }

    @Test
    void aFileThatIsNotWhatItMustBeIsNamed() throws Exception {
        Path missing = directory.resolve("missing.pem");
        complains("does not exist", TlsFiles.trusting(missing), missing);
        complains("no certificate", TlsFiles.trusting(key), key);
        complains("no key", new TlsFiles(ca, ca, ca), ca);
        complains("cannot be read", TlsFiles.trusting(directory), directory);
        byte[] other = stranger.getKey("it", PASSWORD).getEncoded();
        Path othersKey = write("others-key.pem", "PRIVATE KEY", other);
        complains("is not that of", new TlsFiles(ca, ca, othersKey), othersKey);
        Path old = write("old-key.pem", "RSA PRIVATE KEY", other);
        complains("openssl pkcs8", new TlsFiles(ca, ca, old), old);
        Path secret = write("secret-key.pem", "ENCRYPTED PRIVATE KEY", other);
        complains("encrypted", new TlsFiles(ca, ca, secret), secret);
        Path garbage = write("garbage.pem", "CERTIFICATE", new byte[100]);
        complains("cannot be read", TlsFiles.trusting(garbage), garbage);
        Path noKey = write("garbage-key.pem", "PRIVATE KEY", new byte[100]);
        complains("cannot be read", new TlsFiles(ca, ca, noKey), noKey);
        assertThrows(IllegalArgumentException.class, () -> new TlsFiles(ca, ca, null));
        Key rsa = stranger.getKey("it", PASSWORD);
        Path rsaKey = write("rsa-key.pem", "PRIVATE KEY", rsa.getEncoded());
        FileSslContext.of(new TlsFiles(null, strangersCa, rsaKey), time);
        FileSslContext.of(new TlsFiles(null, null, null), time);
    }

    @Test
    void aCredentialFollowsItsFile() throws Exception {
        Path file = directory.resolve("token");
        assertThrows(IllegalArgumentException.class, () -> Credential.file(file));
        Files.writeString(file, "  \n");
        assertThrows(IllegalArgumentException.class, () -> Credential.file(file));
        Files.writeString(file, "first\n");
        Credential credential = new FileCredential(file, time);
        assertEquals("Bearer first", credential.authorization(false));
        Files.writeString(file, "Basic Zm9v");
        assertEquals("Bearer first", credential.authorization(false), "looked at just now");
        assertEquals("Basic Zm9v", credential.authorization(true), "it was refused");
        Files.writeString(file, "third");
        millis.addAndGet(WatchedFiles.FRESH_MILLIS);
        assertEquals("Bearer third", credential.authorization(false));
        Files.writeString(file, "two\nlines");
        assertEquals("Bearer third", credential.authorization(true), "what was read last");
        Files.delete(file);
        assertEquals("Bearer third", credential.authorization(true));
    }

    @Test
    void aCredentialIsNotForClearTextToAnotherMachine() {
        var builder = HoldfastClient.builder().credential(anew -> "Bearer x");
        String said = assertThrows(
                        IllegalStateException.class,
                        () -> builder.endpoints("http://10.0.0.1:7100").build())
                .getMessage();
        assertTrue(said.contains("http://10.0.0.1:7100") && said.contains("https"), said);
        builder.endpoints("http://127.0.0.1:7100", "http://localhost:7100", "http://[::1]:7100", "https://far:7100")
                .build()
                .close();
    }
}
