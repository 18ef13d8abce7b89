package io.holdfast.sidecar.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.LockBody;
import io.holdfast.client.UnavailableException;
import io.holdfast.ensemble.Eventually;
import io.holdfast.sidecar.core.Bench;
import io.holdfast.sidecar.core.Follower;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The calls of programs, over real sockets, with a made-up election. */
@Timeout(120)
class LocalApiTest {

    private static final LockBody FREE =
            new LockBody("jobs/leader", "exclusive", 1, List.of(), 0, List.of(), 0, null, 0, "1-1");

    private final Bench bench = new Bench();
    private final AtomicInteger reads = new AtomicInteger();
    private final Follower follower = new Follower(this::read, bench.view, bench.clock, Duration.ofHours(1));
    private final EventHub hub = new EventHub(bench.clock, Duration.ofMinutes(1));
    private final HttpClient http = HttpClient.newHttpClient();
    private volatile Function<Integer, LockBody> source = number -> FREE;
    private BoundedServer server;

    private LockBody read() {
        return source.apply(reads.incrementAndGet());
    }

    @BeforeEach
    void serve() throws IOException {
        hub.attach(bench.answers);
        LocalApi api = new LocalApi(bench.answers, bench.leadership, follower, hub, Duration.ofSeconds(20));
        server = new BoundedServer("test-http", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 24, api);
        server.start();
    }

    @AfterEach
    void close() {
        hub.close(Bench.BOUND);
        follower.close();
        server.close();
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, "");
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    @Test
    void isLeaderIs200WithTheTokenWhileItLeads() throws Exception {
        HttpResponse<String> before = get("/isLeader");
        assertEquals(503, before.statusCode());
        assertEquals("{\"leader\":false}", before.body());
        assertTrue(before.headers().firstValue("Holdfast-Token").isEmpty());
        bench.election.elect(7).lasts(4_321);
        HttpResponse<String> leads = get("/isLeader");
        assertEquals(200, leads.statusCode());
        assertEquals("7", leads.headers().firstValue("Holdfast-Token").orElseThrow());
        assertEquals("4321", leads.headers().firstValue("Holdfast-Valid-For-Ms").orElseThrow());
        assertEquals("no-cache", leads.headers().firstValue("Cache-Control").orElseThrow());
        assertEquals("{\"leader\":true,\"token\":7,\"validForMs\":4321}", leads.body());
        HttpResponse<String> head = send("HEAD", "/isLeader", "");
        assertEquals(200, head.statusCode());
        assertEquals("7", head.headers().firstValue("Holdfast-Token").orElseThrow());
        bench.election.stop();
        assertEquals(503, get("/isLeader").statusCode());
    }

    @Test
    void leaderIsReadWhenWhatIsKnownIsTooOld() throws Exception {
        follower.start();
        Eventually.await("the first read", Bench.BOUND, () -> bench.view.sight().heard() != null);
        bench.heard("pod-2", 8);
        bench.clock.advance(500);
        source = number -> FREE;
        assertTrue(get("/leader?maxAge=1s").body().contains("\"candidate\":\"pod-2\",\"token\":8"));
        assertEquals(1, reads.get());
        String fresh = get("/leader?maxAge=499ms").body();
        assertEquals(2, reads.get());
        assertTrue(fresh.contains("\"ageMs\":0") && !fresh.contains("pod-2"), fresh);
    }

    @Test
    void leaderIsUnavailableWhenItIsTooOldAndCannotBeRead() throws Exception {
        source = number -> {
            bench.clock.advance(2_001);
            throw new UnavailableException("no node answered", "", "", null);
        };
        follower.start();
        HttpResponse<String> answer = get("/leader?maxAge=1s");
        assertEquals(503, answer.statusCode());
        assertTrue(answer.body().contains("\"unavailable\""), answer.body());
        assertEquals(200, get("/leader").statusCode());
    }

    @Test
    void wrongRequestsAreToldWhatIsRight() throws Exception {
        record Case(String method, String path, String body, int status, String words) {}
        for (Case one : List.of(
                new Case("GET", "/leader?maxAge=soon", "", 400, "maxAge is a duration such as 500ms"),
                new Case("GET", "/leader?maxAge=2h", "", 400, "1 h at most"),
                new Case("GET", "/isleader", "", 404, "GET /isLeader, /leader"),
                new Case("POST", "/isLeader", "", 405, "use GET, not POST"),
                new Case("GET", "/resign", "", 405, "use POST, not GET"),
                new Case("DELETE", "/", "", 405, "use GET, not DELETE"),
                new Case("POST", "/resign", "", 409, "this candidate does not lead"),
                new Case("POST", "/handOver", "", 409, "this candidate does not lead"),
                new Case("POST", "/handOver", "pod-2", 400, "the body is such as"),
                new Case("POST", "/handOver", "{\"too\":\"pod-2\"}", 400, "there is no field too"),
                new Case("POST", "/handOver", "{\"to\":\"pod 2\"}", 400, "to: an id has only"),
                new Case("POST", "/handOver", "{\"drain\":\"long\"}", 400, "drain is a duration"),
                new Case("POST", "/handOver", " ".repeat(5_000), 413, "at most 4096 bytes"))) {
            HttpResponse<String> answer = send(one.method(), one.path(), one.body());
            assertEquals(one.status(), answer.statusCode(), one.toString());
            assertTrue(answer.body().contains(one.words()), one + ": " + answer.body());
            assertEquals(
                    "application/problem+json",
                    answer.headers().firstValue("Content-Type").orElseThrow());
        }
        assertEquals(
                "GET",
                send("POST", "/isLeader", "").headers().firstValue("Allow").orElseThrow());
    }

    @Test
    void aPageOfABrowserChangesNothing() throws Exception {
        bench.election.elect(7);
        HttpResponse<String> answer = send("POST", "/resign", "", "Origin", "http://example.com");
        assertEquals(403, answer.statusCode());
        assertTrue(bench.leadership.now().leads());
    }

    @Test
    void theLeadershipIsHandedOverAndResigned() throws Exception {
        bench.election.elect(7);
        assertEquals(409, send("POST", "/handOver", "{\"to\":\"pod-9\"}").statusCode());
        bench.election.stands("pod-2");
        HttpResponse<String> answer = send("POST", "/handOver", "{\"to\":\"pod-2\",\"drain\":\"3s\"}");
        assertEquals(202, answer.statusCode());
        assertEquals("{\"to\":\"pod-2\",\"drainMs\":3000}", answer.body());
        bench.awaitTold("stop 7 hand-over 3000");
        assertEquals(202, send("POST", "/resign", "").statusCode());
        bench.election.awaitReleased();
    }

    @Test
    void oldProgramsAreAnsweredInTheirFormat() throws Exception {
        assertEquals("{\"name\":\"\",\"last_update\":\"1970-01-01T00:16:40Z\"}", get("/").body());
        bench.heard("pod-2", 8);
        HttpResponse<String> answer = get("/");
        assertEquals("{\"name\":\"pod-2\",\"last_update\":\"1970-01-01T00:00:00Z\"}", answer.body());
        assertEquals(
                "application/json", answer.headers().firstValue("Content-Type").orElseThrow());
        try (Lines lines = new Lines("/sse")) {
            assertEquals("data: {\"name\":\"pod-2\",\"last_update\":\"1970-01-01T00:00:00Z\"}", lines.next());
            bench.heard("pod-3", 9);
            hub.leaderChanged();
            assertEquals("data: {\"name\":\"pod-3\",\"last_update\":\"1970-01-01T00:00:00Z\"}", lines.next());
            hub.stopping(9, Duration.ZERO, "lease");
            bench.clock.advance(10_001);
            hub.leaderChanged();
            assertEquals("data: {\"name\":\"\",\"last_update\":\"1970-01-01T00:16:40Z\"}", lines.next());
        }
    }

    @Test
    void eventsBeginWithTheLeaderAndTellEachChangeOnce() throws Exception {
        bench.heard("pod-2", 8);
        hub.leaderChanged();
        try (Lines lines = new Lines("/events")) {
            assertEquals("event: leader", lines.next());
            assertTrue(lines.next().contains("\"candidate\":\"pod-2\",\"token\":8"));
            hub.leaderChanged();
            hub.stopping(9, Duration.ofSeconds(2), "hand-over");
            assertEquals("event: stop", lines.next());
            assertEquals("data: {\"token\":9,\"withinMs\":2000,\"reason\":\"hand-over\"}", lines.next());
            hub.lost(9, "expired");
            assertEquals("event: lost", lines.next());
            assertEquals("data: {\"token\":9,\"cause\":\"expired\"}", lines.next());
            bench.view.heard(null, bench.clock.now());
            hub.leaderChanged();
            assertEquals("event: leader", lines.next());
            assertTrue(lines.next().contains("\"state\":\"following\""));
            assertEquals(1, hub.readers());
        }
    }

    @Test
    void aFurtherReaderThanThereIsRoomForIsRefused() throws Exception {
        List<Lines> all = new ArrayList<>();
        for (int i = 0; i < EventHub.READERS_MAX; i++) {
            Lines lines = new Lines(i % 2 == 0 ? "/events" : "/sse");
            lines.next();
            all.add(lines);
        }
        HttpResponse<String> answer = get("/events");
        assertEquals(503, answer.statusCode());
        assertTrue(answer.body().contains("there are 16 readers"), answer.body());
        assertEquals(503, get("/isLeader").statusCode(), "others are answered");
        hub.close(Bench.BOUND);
        for (Lines lines : all) {
            lines.close();
        }
    }

    @Test
    void whatWasToldBeforeTheEndIsReadBeforeTheStreamEnds() throws Exception {
        try (Lines lines = new Lines("/events")) {
            lines.next();
            lines.next();
            for (int i = 0; i < 20; i++) {
                hub.stopping(i, Duration.ZERO, "shutdown");
            }
            hub.close(Bench.BOUND);
            for (int i = 0; i < 20; i++) {
                assertEquals("event: stop", lines.next());
                assertTrue(lines.next().startsWith("data: {\"token\":" + i));
            }
            assertEquals(0, hub.readers());
        }
    }

    @Test
    void aReaderThatDoesNotReadIsDisconnectedAndDelaysNoOther() throws Exception {
        try (Socket silent = new Socket();
                Lines lines = new Lines("/events")) {
            silent.setReceiveBufferSize(4096);
            silent.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            silent.getOutputStream()
                    .write("GET /events HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            Eventually.await("two readers", Bench.BOUND, () -> hub.readers() == 2);
            lines.next();
            lines.next();
            String text = "x".repeat(200_000);
            for (int i = 0; i < 60 && hub.readers() == 2; i++) {
                hub.stopping(i, Duration.ZERO, text);
                assertEquals("event: stop", lines.next());
                assertTrue(lines.next().startsWith("data: {\"token\":" + i));
            }
            bench.clock.advance(5_001);
            hub.tick();
            Eventually.await("the silent reader is disconnected", Bench.BOUND, () -> hub.readers() == 1);
            assertEquals(1, hub.cut());
            hub.stopping(99, Duration.ZERO, "lease");
            assertEquals("event: stop", lines.next());
        }
    }

    @Test
    void whatIsNoHttpIsDisconnectedAndOthersAreAnswered() throws Exception {
        for (String text : List.of("\u0016\u0003\u0001\r\n\r\n", "GET\r\n\r\n", "GET /isLeader\r\n\r\n", "\r\n\r\n")) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
                socket.shutdownOutput();
                socket.setSoTimeout(60_000);
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                socket.getInputStream().transferTo(all);
                String answer = all.toString(StandardCharsets.ISO_8859_1);
                assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 400"), answer);
            }
        }
        assertEquals(503, get("/isLeader").statusCode());
    }

    /** Lines of a stream of events; empty ones and comments are passed over. */
    private final class Lines implements AutoCloseable {
        private final InputStream in;
        private final StringBuilder line = new StringBuilder();

        Lines(String path) throws Exception {
            HttpResponse<InputStream> response =
                    http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofInputStream());
            assertEquals(200, response.statusCode());
            assertEquals(
                    "text/event-stream",
                    response.headers().firstValue("Content-Type").orElseThrow());
            in = response.body();
        }

        String next() throws IOException {
            while (true) {
                line.setLength(0);
                for (int c = in.read(); c != '\n'; c = in.read()) {
                    assertTrue(c >= 0, "the stream ended");
                    line.append((char) c);
                }
                if (line.length() > 0 && line.charAt(0) != ':') {
                    return line.toString();
                }
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
