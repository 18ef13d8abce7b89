package io.holdfast.client.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.holdfast.client.AccessException;
import io.holdfast.client.EventSubscription;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.HttpVersion;
import io.holdfast.client.UnavailableException;
import io.holdfast.client.spi.TransportException;
import io.holdfast.client.spi.TransportRequest;
import io.holdfast.client.spi.TransportStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers that go on, over HTTP: read as they are asked for, in time or not at all. */
@Timeout(180)
class HttpStreamTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final ExecutorService threads = Executors.newCachedThreadPool(ThreadLoop.daemons("test-http"));
    private final HttpTransport transport = new HttpTransport(null, HttpVersion.HTTP_1_1);
    private HttpServer server;
    private URI uri;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        server.start();
    }

    @AfterEach
    void stop() {
        transport.close();
        server.stop(0);
        threads.shutdownNow();
    }

    private static TransportRequest get(String target) {
        return new TransportRequest(TransportRequest.Kind.POLL, "GET", target, Map.of(), "");
    }

    private TransportStream open(String target) throws Exception {
        return transport.open(uri, get(target), LONG).get(60, TimeUnit.SECONDS);
    }

    private static byte[] next(TransportStream stream, Duration silence) throws Exception {
        return stream.next(silence).get(60, TimeUnit.SECONDS);
    }

    private static TransportException failure(CompletableFuture<?> answer) {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> answer.get(60, TimeUnit.SECONDS));
        return assertInstanceOf(TransportException.class, failure.getCause());
    }

    private static void hold(CountDownLatch end) {
        try {
            assertTrue(end.await(120, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aStreamIsReadPieceByPieceToItsEnd() throws Exception {
        byte[] content = new byte[1_000_000];
        new Random(1).nextBytes(content);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Holdfast-Node", "2");
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        });
        TransportStream stream = open("/");
        assertEquals(200, stream.status());
        assertEquals("2", stream.header("holdfast-node").orElseThrow());
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        for (byte[] piece = next(stream, LONG); piece.length > 0; piece = next(stream, LONG)) {
            read.write(piece);
        }
        assertArrayEquals(content, read.toByteArray());
        assertEquals(0, next(stream, LONG).length, "the end stays the end");
    }

    @Test
    void aStreamThatSaysNothingOrHasNoHeadIsGivenUpInTime() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        server.createContext("/silent", exchange -> hold(end));
        server.createContext("/half", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new byte[] {1});
            exchange.getResponseBody().flush();
            hold(end);
            exchange.close();
        });
        assertTrue(failure(transport.open(uri, get("/silent"), Duration.ofMillis(300)))
                .sent());
        TransportStream half = open("/half");
        assertEquals(1, next(half, LONG).length);
        failure(half.next(Duration.ofMillis(300)));
        failure(half.next(LONG));
        TransportStream closed = open("/half");
        CompletableFuture<byte[]> first = closed.next(LONG);
        assertEquals(1, first.get(60, TimeUnit.SECONDS).length);
        CompletableFuture<byte[]> waiting = closed.next(LONG);
        closed.close();
        failure(waiting);
        end.countDown();
    }

    @Test
    void nothingIsReadAheadOfAReaderThatDoesNotAsk() throws Exception {
        AtomicLong written = new AtomicLong();
        CountDownLatch over = new CountDownLatch(1);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] piece = new byte[1 << 16];
            try {
                while (true) {
                    exchange.getResponseBody().write(piece);
                    written.addAndGet(piece.length);
                }
            } catch (IOException e) {
                over.countDown();
            }
        });
        TransportStream stream = open("/");
        next(stream, LONG);
        long before = -1;
        while (before != written.get()) {
            before = written.get();
            CountDownLatch pause = new CountDownLatch(1);
            assertTrue(!pause.await(300, TimeUnit.MILLISECONDS));
        }
        assertTrue(before < 64L << 20, "what sockets keep, not " + before);
        stream.close();
        assertTrue(over.await(60, TimeUnit.SECONDS), "the connection is closed with it");
    }

    @Test
    void anEndlessHeadFails() throws Exception {
        for (String head : List.of("HTTP/1.1 200 OK\r\n", "HTTP/1.1 100 Continue\r\n\r\n")) {
            try (ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
                threads.execute(() -> endless(listening, head));
                URI node = URI.create("http://127.0.0.1:" + listening.getLocalPort());
                failure(transport.send(node, get("/"), Duration.ofSeconds(2)));
            }
        }
    }

    private static void endless(ServerSocket listening, String head) {
        try (Socket socket = listening.accept();
                OutputStream out = socket.getOutputStream()) {
            byte[] repeated = (head.contains("100") ? head : "X-Noise: " + "y".repeat(1000) + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write(repeated);
            }
        } catch (IOException e) {
            System.getLogger("test").log(System.Logger.Level.DEBUG, "the client hung up", e);
        }
    }

    private HoldfastClient client() {
        return HoldfastClient.builder()
                .endpoints(uri.toString())
                .ttl(Duration.ofSeconds(60))
                .build();
    }

    @Test
    void aBackupIsWholeOrAnError() throws Exception {
        byte[] content = new byte[300_000];
        new Random(2).nextBytes(content);
        server.createContext("/v1/cluster/backup", exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        });
        try (HoldfastClient client = client()) {
            ByteArrayOutputStream backup = new ByteArrayOutputStream();
            assertEquals(content.length, client.cluster().backup(backup));
            assertArrayEquals(content, backup.toByteArray());
            server.removeContext("/v1/cluster/backup");
            server.createContext("/v1/cluster/backup", exchange -> {
                exchange.sendResponseHeaders(200, content.length);
                exchange.getResponseBody().write(content, 0, 1000);
                exchange.getResponseBody().flush();
                exchange.close();
            });
            assertThrows(IOException.class, () -> client.cluster().backup(new ByteArrayOutputStream()));
            server.removeContext("/v1/cluster/backup");
            byte[] problem = ModelServer.problem(403, "forbidden").body();
            server.createContext("/v1/cluster/backup", exchange -> {
                exchange.sendResponseHeaders(403, problem.length);
                exchange.getResponseBody().write(problem);
                exchange.close();
            });
            assertThrows(AccessException.class, () -> client.cluster().backup(new ByteArrayOutputStream()));
        }
        server.stop(0);
        try (HoldfastClient client = client()) {
            assertThrows(UnavailableException.class, () -> client.cluster().backup(new ByteArrayOutputStream()));
        }
    }

    @Test
    void eventsAreFollowedOverHttp() throws Exception {
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch end = new CountDownLatch(1);
        server.createContext("/v1/events", exchange -> {
            boolean again = exchange.getRequestURI().getQuery().contains("since=3-2");
            exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            int from = again ? 3 : 1;
            for (int i = from; i < from + 2; i++) {
                String message = "id: 3-" + i + "\nevent: change\ndata: {\"revision\":\"3-" + i + "\"}\n\n";
                exchange.getResponseBody().write(message.getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
            }
            if (again) {
                hold(end);
            }
            exchange.close();
        });
        try (HoldfastClient client = client();
                EventSubscription events = client.events("a/")
                        .since("3-0")
                        .start(event -> told.add(event.data().revision()))) {
            Waiting.await(() -> told.size() == 4);
            assertEquals(List.of("3-1", "3-2", "3-3", "3-4"), told);
            Waiting.await(() -> events.position().equals("3-4"));
        }
        end.countDown();
    }
}
