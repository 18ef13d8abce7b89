package io.holdfast.client.internal;

import io.holdfast.api.BoundedBody;
import io.holdfast.api.Json;
import io.holdfast.client.HttpVersion;
import io.holdfast.client.spi.Transport;
import io.holdfast.client.spi.TransportException;
import io.holdfast.client.spi.TransportRequest;
import io.holdfast.client.spi.TransportResponse;
import io.holdfast.client.spi.TransportStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Requests over the JDK's HTTP client, one for each node. One that gave no answer in time is used no more, since its
 * connections may be dead without anything that says so. Any thread.
 */
final class HttpTransport implements Transport {

    private static final int IO_THREADS = 2;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final int CALLS_AT_ONCE = 32;
    private static final int POLLS_AT_ONCE = 256;
    private static final int UNAUTHORIZED = 401;

    private final @Nullable SSLContext sslContext;
    private final HttpClient.Version version;
    private final ExecutorService threads;
    private final NodeAddresses addresses = new NodeAddresses();
    private final Map<URI, Node> nodes = new ConcurrentHashMap<>();
    private final Set<HttpStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    HttpTransport(@Nullable SSLContext sslContext, HttpVersion version) {
        this.sslContext = sslContext;
        this.version = version == HttpVersion.HTTP_2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1;
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                IO_THREADS,
                IO_THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                ThreadLoop.daemons("holdfast-io"));
        pool.allowCoreThreadTimeOut(true);
        this.threads = pool;
    }

    private final class Node {
        private final URI base;
        private final Gate calls = new Gate(CALLS_AT_ONCE);
        private final Gate polls = new Gate(POLLS_AT_ONCE);
        private @Nullable HttpClient http;
        private @Nullable SSLContext made;

        private Node(URI base) {
            this.base = base;
        }

        private synchronized HttpClient http() {
            // Connections that are open go on with the certificates that they began with.
            SSLContext secured = DelegatedSsl.present(sslContext, false);
            HttpClient present = secured == made ? http : null;
            if (present == null) {
                made = secured;
                HttpClient.Builder builder = HttpClient.newBuilder()
                        .version(version)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .executor(threads);
                SSLContext context = addresses.sslContext(base, sslContext);
                if (context != null) {
                    builder.sslContext(context);
                }
                present = builder.build();
                http = present;
            }
            return present;
        }

        private synchronized void discard(HttpClient failed) {
            if (http == failed) {
                http = null;
            }
        }

        private @Nullable Gate gate(TransportRequest.Kind kind) {
            return switch (kind) {
                case CALL -> calls;
                case POLL -> polls;
                case KEEPALIVE -> null;
            };
        }
    }

    @Override
    public CompletableFuture<TransportResponse> send(URI base, TransportRequest request, Duration timeout) {
        Node node = nodes.computeIfAbsent(base, Node::new);
        Exchange exchange = new Exchange(node, request);
        CompletableFuture<TransportResponse> result = exchange.result;
        Futures.forget(result.orTimeout(Math.max(1, timeout.toMillis()), TimeUnit.MILLISECONDS));
        Gate gate = node.gate(request.kind());
        if (gate == null) {
            exchange.start();
        } else {
            gate.enter(exchange::start, result);
        }
        return exchange.told;
    }

    /** One request on its way. */
    private final class Exchange {
        private final Node node;
        private final TransportRequest request;
        private final CompletableFuture<TransportResponse> result = new CompletableFuture<>();
        private final CompletableFuture<TransportResponse> told = new CompletableFuture<>();
        private volatile boolean started;

        private Exchange(Node node, TransportRequest request) {
            this.node = node;
            this.request = request;
            Futures.onComplete(result, (response, failure) -> {
                if (failure == null) {
                    told.complete(response);
                } else {
                    told.completeExceptionally(explained(failure, started));
                }
            });
        }

        private void start() {
            if (closed) {
                result.completeExceptionally(new TransportException("the client is closed", false, null));
                return;
            }
            if (result.isDone()) {
                return;
            }
            started = true;
            try {
                HttpClient http = node.http();
                CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(
                        httpRequest(node.base, request), info -> new BoundedBody(Json.DOCUMENT_BYTES_MAX));
                Futures.onComplete(result, (response, failure) -> {
                    if (failure != null && maySent(failure, true)) {
                        node.discard(http);
                        answer.cancel(true);
                    }
                });
                Futures.onComplete(answer, (response, failure) -> {
                    if (failure != null) {
                        result.completeExceptionally(Failures.cause(failure));
                    } else {
                        lookAtFilesWhenRefused(response);
                        result.complete(
                                new TransportResponse(response.statusCode(), headers(response), response.body()));
                    }
                });
            } catch (RuntimeException e) {
                // Nothing left: the request could not be made.
                result.completeExceptionally(new TransportException("the request cannot be made: " + e, false, e));
            }
        }
    }

    @Override
    public CompletableFuture<TransportStream> open(URI base, TransportRequest request, Duration timeout) {
        Node node = nodes.computeIfAbsent(base, Node::new);
        CompletableFuture<TransportStream> result = new CompletableFuture<>();
        CompletableFuture<Void> over = new CompletableFuture<>();
        Futures.onComplete(
                result.orTimeout(Math.max(1, timeout.toMillis()), TimeUnit.MILLISECONDS), (stream, failure) -> {
                    if (failure != null) {
                        over.complete(null);
                    }
                });
        node.polls.enter(() -> open(node, request, result, over), over);
        CompletableFuture<TransportStream> told = new CompletableFuture<>();
        Futures.onComplete(result, (stream, failure) -> {
            if (failure == null) {
                told.complete(stream);
            } else {
                told.completeExceptionally(explained(failure, true));
            }
        });
        return told;
    }

    private void open(
            Node node,
            TransportRequest request,
            CompletableFuture<TransportStream> result,
            CompletableFuture<Void> over) {
        if (closed) {
            result.completeExceptionally(new TransportException("the client is closed", false, null));
            return;
        }
        try {
            HttpClient http = node.http();
            CompletableFuture<HttpResponse<HttpStream>> answer =
                    http.sendAsync(httpRequest(node.base, request), HttpStream::new);
            Futures.onComplete(result, (stream, failure) -> {
                if (failure != null && maySent(failure, true)) {
                    node.discard(http);
                    answer.cancel(true);
                }
            });
            Futures.onComplete(answer, (response, failure) -> {
                if (failure != null) {
                    result.completeExceptionally(Failures.cause(failure));
                    return;
                }
                lookAtFilesWhenRefused(response);
                HttpStream stream = response.body();
                streams.add(stream);
                Futures.onComplete(stream.ended(), (nothing, never) -> {
                    streams.remove(stream);
                    over.complete(null);
                });
                if (!result.complete(stream) || closed) {
                    stream.close();
                }
            });
        } catch (RuntimeException e) {
            result.completeExceptionally(new TransportException("the request cannot be made: " + e, false, e));
        }
    }

    /** It may be the certificate that was refused: the retry shows the one that is there now. */
    private void lookAtFilesWhenRefused(HttpResponse<?> response) {
        if (response.statusCode() == UNAUTHORIZED) {
            DelegatedSsl.present(sslContext, true);
        }
    }

    private static HttpRequest httpRequest(URI base, TransportRequest request) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(base.resolve(request.target()));
        request.headers().forEach(builder::header);
        if (request.body().isEmpty()) {
            return builder.method(request.method(), HttpRequest.BodyPublishers.noBody())
                    .build();
        }
        return builder.header("Content-Type", "application/json")
                .method(request.method(), HttpRequest.BodyPublishers.ofString(request.body()))
                .build();
    }

    private static TransportException explained(Throwable failure, boolean started) {
        Throwable cause = Failures.cause(failure);
        if (cause instanceof TransportException known) {
            return known;
        }
        return new TransportException(words(cause), maySent(cause, started), cause);
    }

    private static String words(Throwable cause) {
        if (cause instanceof TimeoutException) {
            return "no answer in time";
        }
        if (cause instanceof UnresolvedAddressException || cause.getCause() instanceof UnresolvedAddressException) {
            return "the host name has no address";
        }
        if (cause instanceof HttpConnectTimeoutException) {
            return "no connection within " + CONNECT_TIMEOUT.toMillis() + " ms";
        }
        if (cause instanceof ConnectException && cause.getMessage() == null) {
            return "nothing listens there";
        }
        return cause instanceof SSLHandshakeException ? "TLS: " + cause.getMessage() : cause.toString();
    }

    /** Whether the node may have got a request that failed so. */
    private static boolean maySent(Throwable cause, boolean started) {
        boolean unsent = cause instanceof ConnectException
                || cause instanceof HttpConnectTimeoutException
                || cause instanceof UnresolvedAddressException
                || cause instanceof SSLHandshakeException
                || (cause instanceof TransportException known && !known.sent())
                || (cause instanceof TimeoutException && !started);
        return !unsent;
    }

    @Override
    public CompletableFuture<List<URI>> addresses(URI endpoint) {
        return addresses.lookUp(endpoint);
    }

    /** Has a node that is reached by its address verified by a name. */
    void addresses(String name, URI node) {
        addresses.name(node, name);
    }

    private static Map<String, String> headers(HttpResponse<?> response) {
        Map<String, String> first = new TreeMap<>();
        response.headers().map().forEach((name, values) -> first.put(name, values.isEmpty() ? "" : values.get(0)));
        return first;
    }

    @Override
    public void close() {
        closed = true;
        List.copyOf(streams).forEach(HttpStream::close);
        nodes.clear();
        threads.shutdown();
    }
}
