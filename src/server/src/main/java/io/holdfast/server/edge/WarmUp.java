package io.holdfast.server.edge;

import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.config.TlsConfig;
import io.holdfast.server.tls.NodeTls;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sends this node the first requests of each kind when its port listens, over both versions of HTTP: what they need is
 * loaded while there are descriptors for it, a class that cannot be loaded later blocks an event loop for ever, and the
 * first client does not wait for it. They change nothing. The node is not ready before they are answered, or late.
 */
@Singleton
public final class WarmUp {

    private static final Logger LOG = Logger.getLogger("io.holdfast.http");
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration ONE = Duration.ofSeconds(5);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final String UNKNOWN = "0-1";
    private static final String OWN = "Holdfast-Warm-Up";
    private static final int SECRET_BYTES = 16;

    private static final List<String> READS = List.of(
            "/q/health",
            "/q/health/live",
            "/q/metrics",
            "/v1/cluster",
            "/v1/locks?limit=1&consistency=local",
            "/v1/sessions?limit=1",
            "/v1/sessions/" + UNKNOWN,
            "/v1/locks/holdfast-warm-up",
            "/v1/locks/holdfast-warm-up/-/why?grant=holdfast-warm-up",
            "/v1/grants/holdfast-warm-up?poll=10ms",
            "/v1/nothing");

    private final Config config;
    private final HoldfastConfig settings;
    private final NodeTls tls;

    /** By which this node knows its own requests again; no other process has it. */
    private final String secret = secret();

    private volatile boolean done;

    @Inject
    WarmUp(Config config, HoldfastConfig settings, NodeTls tls) {
        this.config = config;
        this.settings = settings;
        this.tls = tls;
    }

    private static String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Returns whether this node sent a request to itself, to warm up. */
    public boolean isOwn(HttpServerRequest request) {
        String given = request.getHeader(OWN);
        return given != null
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.ISO_8859_1), secret.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Returns whether everything was asked for once, or took too long; for any thread. */
    public boolean isDone() {
        return done;
    }

    void onListening(@ObservesAsync HttpServerStart listening) {
        begin();
    }

    void onListening(@ObservesAsync HttpsServerStart listening) {
        if (settings.tls().mode() == TlsConfig.Mode.REQUIRED) {
            begin();
        } else {
            knock();
        }
    }

    /** The port with TLS beside a plain one: its first request shows the node its socket, and loads what TLS needs. */
    private void knock() {
        try {
            HttpClient client = client(HttpClient.Version.HTTP_1_1, tls.toItself());
            get(client, URI.create("https://" + host() + ":" + port(false)), "/q/health/live");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOG.infof("The node could not ask itself for a first answer over TLS: %s", e);
        }
    }

    private void begin() {
        try {
            boolean plain = settings.tls().mode() != TlsConfig.Mode.REQUIRED;
            SSLContext toItself = plain ? null : tls.toItself();
            run(URI.create((plain ? "http://" : "https://") + host() + ":" + port(plain)), toItself);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOG.infof("The node could not ask itself for its first answers: %s", e);
        } finally {
            done = true;
        }
    }

    private void run(URI node, @Nullable SSLContext toItself) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        HttpClient plain = client(HttpClient.Version.HTTP_1_1, toItself);
        HttpClient multiplexed = client(HttpClient.Version.HTTP_2, toItself);
        // First of all: it is what shows the node the socket at which clients are let in.
        get(plain, node, "/q/health/live");
        while (get(plain, node, "/v1/locks/holdfast-warm-up?consistency=local") == 503
                && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        for (String path : READS) {
            get(plain, node, path);
            get(multiplexed, node, path);
        }
        for (HttpClient client : List.of(plain, multiplexed)) {
            send(client, request(node, "/v1/sessions").POST(text("{\"ttl\":\"none\"}")));
            send(client, request(node, "/v1/grants/-").PUT(text("{}")));
            openAndClose(client, request(node, "/v1/events").header("Accept", "text/event-stream"));
        }
    }

    private static HttpClient client(HttpClient.Version version, @Nullable SSLContext toItself) {
        HttpClient.Builder builder = HttpClient.newBuilder().version(version).connectTimeout(ONE);
        return toItself == null ? builder.build() : builder.sslContext(toItself).build();
    }

    private int get(HttpClient client, URI node, String path) throws IOException, InterruptedException {
        return send(client, request(node, path).GET());
    }

    private HttpRequest.Builder request(URI node, String path) {
        return HttpRequest.newBuilder(node.resolve(path))
                .timeout(ONE)
                .header("Content-Type", "application/json")
                .header(OWN, secret);
    }

    private static HttpRequest.BodyPublisher text(String body) {
        return HttpRequest.BodyPublishers.ofString(body);
    }

    private static int send(HttpClient client, HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static void openAndClose(HttpClient client, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        try (InputStream stream = client.send(request.GET().build(), HttpResponse.BodyHandlers.ofInputStream())
                .body()) {
            LOG.debugf("a stream of %s begins with %d bytes", request, stream.available());
        }
    }

    private String host() {
        String host = config.getOptionalValue("quarkus.http.host", String.class).orElse("localhost");
        boolean all = host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
        if (all) {
            return "localhost";
        }
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    private int port(boolean plain) {
        String kind = LaunchMode.current() == LaunchMode.TEST ? "test-" : "";
        String key = "quarkus.http." + kind + (plain ? "port" : "ssl-port");
        return config.getValue(key, Integer.class);
    }
}
