package io.holdfast.client.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.api.Json;
import io.holdfast.client.AccessException;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.HttpVersion;
import io.holdfast.client.Lease;
import io.holdfast.client.LeaseLostException;
import io.holdfast.client.LockRequest;
import io.holdfast.client.UnavailableException;
import io.holdfast.client.spi.TransportException;
import io.holdfast.client.spi.TransportRequest;
import io.holdfast.client.spi.TransportResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The JDK's HTTP client under what servers and networks do, and the whole client over it. */
@Timeout(180)
class HttpTransportTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final ExecutorService threads = Executors.newCachedThreadPool(ThreadLoop.daemons("test-http"));
    private final HttpTransport transport = new HttpTransport(null, HttpVersion.HTTP_1_1);
    private final ThreadLoop loop = new ThreadLoop("test-model");
    private final ModelServer model = new ModelServer(loop);
    private HttpServer server;
    private URI uri;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        server.start();
        loop.execute(model::beat);
    }

    @AfterEach
    void stop() {
        transport.close();
        server.stop(0);
        threads.shutdownNow();
        loop.close();
    }

    private static TransportRequest get(String target) {
        return new TransportRequest(TransportRequest.Kind.CALL, "GET", target, Map.of("X-Test", "yes"), "");
    }

    private static TransportException failure(CompletableFuture<TransportResponse> answer) {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> answer.get(60, TimeUnit.SECONDS));
        return assertInstanceOf(TransportException.class, failure.getCause());
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Retry-After", "3");
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Test
    void whatIsSentArrivesAndWhatIsAnsweredComesBack() throws Exception {
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String seen = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("X-Test") + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type") + " " + body;
            answer(exchange, 423, seen.getBytes(StandardCharsets.UTF_8));
        });
        TransportRequest put = new TransportRequest(
                TransportRequest.Kind.CALL, "PUT", "/v1/grants/a:b?poll=1s", Map.of("X-Test", "yes"), "{\"a\":1}");
        TransportResponse answer = transport.send(uri, put, LONG).get();
        assertEquals(423, answer.status());
        assertEquals("3", answer.header("retry-after").orElseThrow());
        assertArrayEquals(
                "PUT /v1/grants/a:b?poll=1s yes application/json {\"a\":1}".getBytes(StandardCharsets.UTF_8),
                answer.body());
    }

    @Test
    void aRedirectIsAnAnswerAndIsNotFollowed() throws Exception {
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Location", "http://127.0.0.1:1/");
            answer(exchange, 307, new byte[0]);
        });
        assertEquals(307, transport.send(uri, get("/"), LONG).get().status());
    }

    @Test
    void aRequestThatWasNotSentIsKnownNotToBe() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        assertFalse(failure(transport.send(URI.create("http://127.0.0.1:" + free), get("/"), LONG))
                .sent());
        assertFalse(failure(transport.send(URI.create("http://no-such-host.invalid"), get("/"), LONG))
                .sent());
    }

    @Test
    void noAnswerInTimeIsUnknownAlsoWhenOnlyTheEndIsMissing() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        server.createContext("/silent", exchange -> hold(end));
        server.createContext("/half", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(new byte[50]);
            exchange.getResponseBody().flush();
            hold(end);
        });
        long began = System.nanoTime();
        assertTrue(failure(transport.send(uri, get("/silent"), Duration.ofMillis(300)))
                .sent());
        assertTrue(failure(transport.send(uri, get("/half"), Duration.ofMillis(300)))
                .sent());
        assertTrue(System.nanoTime() - began < TimeUnit.SECONDS.toNanos(30));
        end.countDown();
        server.createContext("/well", exchange -> answer(exchange, 200, new byte[1]));
        assertEquals(200, transport.send(uri, get("/well"), LONG).get().status());
    }

    private static void hold(CountDownLatch end) {
        try {
            assertTrue(end.await(120, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aTruncatedAndAnEndlessAnswerFail() throws Exception {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
        try (ServerSocket socket = raw(head + "{\"cut\":")) {
            assertTrue(failure(transport.send(at(socket), get("/"), LONG)).sent());
        }
        try (ServerSocket socket = raw("HTTP/1.1 banana\r\n\r\n")) {
            assertTrue(failure(transport.send(at(socket), get("/"), LONG)).sent());
        }
        try (ServerSocket socket = raw("")) {
            assertTrue(failure(transport.send(at(socket), get("/"), LONG)).sent());
        }
        server.createContext("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] piece = new byte[1 << 16];
            try {
                for (long sent = 0; sent < 4L * Json.DOCUMENT_BYTES_MAX; sent += piece.length) {
                    exchange.getResponseBody().write(piece);
                }
            } finally {
                exchange.close();
            }
        });
        TransportException tooLong = failure(transport.send(uri, get("/endless"), LONG));
        assertTrue(tooLong.getMessage().contains("more than"), tooLong.getMessage());
    }

    private static URI at(ServerSocket socket) {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    /** Answers each connection with these bytes and ends it. */
    private ServerSocket raw(String bytes) throws IOException {
        ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        threads.execute(() -> {
            while (!listening.isClosed()) {
                try (Socket socket = listening.accept()) {
                    socket.getInputStream().read(new byte[4096]);
                    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    return;
                }
            }
        });
        return listening;
    }

    @Test
    void onlySoManyRequestsAreAtANodeAndAKeepaliveWaitsForNone() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch end = new CountDownLatch(1);
        server.createContext("/held", exchange -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            hold(end);
            inside.decrementAndGet();
            answer(exchange, 200, new byte[1]);
        });
        server.createContext("/keepalive", exchange -> answer(exchange, 200, new byte[1]));
        List<CompletableFuture<TransportResponse>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(transport.send(uri, get("/held"), LONG));
        }
        TransportRequest keepalive =
                new TransportRequest(TransportRequest.Kind.KEEPALIVE, "GET", "/keepalive", Map.of(), "");
        assertEquals(200, transport.send(uri, keepalive, LONG).get().status());
        TransportException waited = failure(transport.send(uri, get("/held"), Duration.ofMillis(200)));
        assertFalse(waited.sent(), "it waited for its turn");
        end.countDown();
        for (CompletableFuture<TransportResponse> one : all) {
            assertEquals(200, one.get().status());
        }
        assertTrue(most.get() <= 32, "" + most);
    }

    /** Serves the model of the server; {@code liar} may answer in its place. */
    private void serveModel(Liar liar) {
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
            Map<String, String> named = new TreeMap<>();
            for (String name : List.of("Idempotency-Key", "If-Match", "Authorization")) {
                if (headers.containsKey(name)) {
                    named.put(name, headers.get(name));
                }
            }
            TransportRequest request = new TransportRequest(
                    TransportRequest.Kind.CALL,
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    named,
                    body);
            TransportResponse lie = liar.answer(request);
            CompletableFuture<TransportResponse> answer = new CompletableFuture<>();
            if (lie == null) {
                loop.execute(() ->
                        Futures.onComplete(model.handle(request), (response, failure) -> answer.complete(response)));
            } else {
                answer.complete(lie);
            }
            TransportResponse response = answer.join();
            answer(exchange, response.status(), response.body());
        });
    }

    /** Answers in place of the model, or null. */
    private interface Liar {
        TransportResponse answer(TransportRequest request);
    }

    private HoldfastClient client(Duration ttl) throws IOException {
        int dead;
        try (ServerSocket socket = new ServerSocket(0)) {
            dead = socket.getLocalPort();
        }
        return HoldfastClient.builder()
                .endpoints(uri.toString(), "http://127.0.0.1:" + dead)
                .ttl(ttl)
                .name("over-http")
                .build();
    }

    @Test
    void theWholeClientWorksOverHttpWithADeadNodeBesideALiving() throws Exception {
        serveModel(request -> null);
        try (HoldfastClient client = client(Duration.ofSeconds(60))) {
            Lease lease = client.tryAcquire(LockRequest.exclusive("a/b:c@d~20e"), Duration.ZERO)
                    .orElseThrow();
            lease.check();
            CompletableFuture<Lease> next =
                    client.acquireAsync(LockRequest.exclusive("a/b:c@d~20e"), Duration.ofMinutes(1));
            lease.close();
            assertTrue(next.get(60, TimeUnit.SECONDS).token() > lease.token());
            assertEquals("done", client.lock("x").withLock(held -> "done"));
        }
        CompletableFuture<Integer> left = new CompletableFuture<>();
        loop.execute(() -> left.complete(model.sessionCount()));
        assertEquals(0, left.join(), "closing the client ended its sessions");
    }

    @Test
    void aServerThatSaysNothingTrueMakesNoLease() throws Exception {
        byte[] garbage = "}{".getBytes(StandardCharsets.UTF_8);
        serveModel(request -> request.method().equals("PUT") ? new TransportResponse(201, Map.of(), garbage) : null);
        try (HoldfastClient client = client(Duration.ofSeconds(60))) {
            assertThrows(
                    UnavailableException.class, () -> client.tryAcquire(LockRequest.exclusive("a"), Duration.ZERO));
        }
    }

    @Test
    void aServerThatKeepsNothingAliveLosesTheLeaseInTime() throws Exception {
        serveModel(request -> request.target().startsWith("/v1/sessions/-/keepalive")
                ? new TransportResponse(200, Map.of(), "{\"sessions\":[]}".getBytes(StandardCharsets.UTF_8))
                : null);
        try (HoldfastClient client = client(Duration.ofSeconds(3))) {
            long began = System.nanoTime();
            Lease lease = client.tryAcquire(LockRequest.exclusive("a"), Duration.ofSeconds(20))
                    .orElseThrow();
            lease.lost().get(60, TimeUnit.SECONDS);
            assertThrows(LeaseLostException.class, lease::check);
            assertTrue(lease.remaining().isZero() && lease.stopping());
            assertTrue(System.nanoTime() - began > TimeUnit.SECONDS.toNanos(1));
        }
    }

    @Test
    void aCredentialThatIsRefusedIsReadAnewOnce() throws Exception {
        List<String> seen = new ArrayList<>();
        serveModel(request -> {
            String given = String.valueOf(request.headers().get("Authorization"));
            synchronized (seen) {
                seen.add(given);
            }
            return given.equals("Bearer new") ? null : ModelServer.problem(401, "unauthenticated");
        });
        AtomicInteger renewals = new AtomicInteger();
        try (HoldfastClient client = HoldfastClient.builder()
                .endpoints(uri.toString())
                .ttl(Duration.ofSeconds(60))
                .credential(anew -> anew && renewals.incrementAndGet() > 0 ? "Bearer new" : "Bearer old")
                .build()) {
            client.tryAcquire(LockRequest.exclusive("a"), Duration.ZERO)
                    .orElseThrow()
                    .close();
        }
        try (HoldfastClient stranger =
                HoldfastClient.builder().endpoints(uri.toString()).build()) {
            assertThrows(AccessException.class, () -> stranger.tryAcquire(LockRequest.exclusive("a"), Duration.ZERO));
        }
        assertTrue(renewals.get() > 0);
    }
}
