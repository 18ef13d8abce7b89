package io.holdfast.sidecar.kubernetes;

import io.holdfast.sidecar.settings.KubernetesSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Requests to the API server as the pod's service account. The token is read for each request and the authority's
 * certificate whenever it changed, since both are replaced while the pod runs. Any thread.
 */
public final class KubernetesApi {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final long RETRY_AFTER_SECONDS_MAX = 60;

    private final URI base;
    private final Path token;
    private final Path authority;
    private final Duration within;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private @Nullable HttpClient http;
    private @Nullable FileTime authorityChanged;

    /** Creates one; an answer that is not whole within that time counts as none. */
    public KubernetesApi(KubernetesSettings settings, Duration within) {
        this.base = settings.api();
        this.token = settings.account().resolve("token");
        this.authority = settings.account().resolve("ca.crt");
        this.within = within;
    }

    /** Requests so far. */
    public long requests() {
        return requests.get();
    }

    /** Those that were refused or not answered. */
    public long failures() {
        return failures.get();
    }

    KubernetesAnswer get(String path) throws IOException, InterruptedException {
        return send(request(path).GET().build());
    }

    /** Changes the fields that are given, and nothing else (RFC 7386). */
    KubernetesAnswer merge(String path, byte[] patch) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/merge-patch+json")
                .method("PATCH", HttpRequest.BodyPublishers.ofByteArray(patch))
                .build());
    }

    private HttpRequest.Builder request(String path) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).header("Accept", "application/json");
        String bearer;
        try {
            bearer = Files.readString(token).strip();
        } catch (IOException e) {
            throw new IOException("the service account's token cannot be read: " + token, e);
        }
        try {
            return request.header("Authorization", "Bearer " + bearer);
        } catch (IllegalArgumentException e) {
            throw new IOException("the service account's token is none: " + token, e);
        }
    }

    private KubernetesAnswer send(HttpRequest request) throws IOException, InterruptedException {
        requests.incrementAndGet();
        boolean well = false;
        HttpClient client = client();
        CompletableFuture<HttpResponse<InputStream>> answer =
                client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
        CompletableFuture<KubernetesAnswer> whole = answer.thenApplyAsync(KubernetesApi::read);
        try {
            KubernetesAnswer read = whole.get(within.toMillis(), TimeUnit.MILLISECONDS);
            well = read.isWell();
            return read;
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            // Its connections may be dead without anything that says so.
            discard(client);
            CompletableFuture<Void> unused = answer.thenAccept(KubernetesApi::closeBody);
            throw new IOException("no answer within " + within.toMillis() + " ms", e);
        } finally {
            if (!well) {
                failures.incrementAndGet();
            }
            answer.cancel(true);
        }
    }

    private static KubernetesAnswer read(HttpResponse<InputStream> response) {
        try (InputStream in = response.body()) {
            byte[] body = in.readNBytes(BODY_BYTES_MAX);
            long seconds = response.headers()
                    .firstValue("Retry-After")
                    .filter(text -> text.matches("[0-9]{1,6}"))
                    .map(Long::parseLong)
                    .orElse(0L);
            return new KubernetesAnswer(response.statusCode(), Math.min(seconds, RETRY_AFTER_SECONDS_MAX) * 1000, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void closeBody(HttpResponse<InputStream> response) {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void discard(HttpClient failed) {
        if (http == failed) {
            http = null;
        }
    }

    private synchronized HttpClient client() throws IOException {
        FileTime changed = Files.exists(authority) ? Files.getLastModifiedTime(authority) : null;
        HttpClient present = http;
        if (present != null && (changed == null || changed.equals(authorityChanged))) {
            return present;
        }
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT);
        if (changed != null && "https".equals(base.getScheme())) {
            builder.sslContext(context());
        }
        present = builder.build();
        http = present;
        authorityChanged = changed;
        return present;
    }

    private SSLContext context() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trusted().getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IOException("the API server's authority cannot be read: " + authority + ": " + e.getMessage(), e);
        }
    }

    private TrustManagerFactory trusted() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int number = 0;
        try (InputStream in = Files.newInputStream(authority)) {
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca-" + number++, one);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust;
    }
}
