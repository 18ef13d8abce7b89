package io.holdfast.server.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What clients cost that connect and then do not behave, over real sockets; limits are low, for the test's own time.
 */
@QuarkusTest
@TestProfile(HostileClientsTest.LowLimits.class)
class HostileClientsTest {

    private static final Logger LOG = Logger.getLogger(HostileClientsTest.class);
    private static final int EACH = 60;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int CONNECTIONS_MAX = 200;
    private static final int BODIES_MAX = 128 << 10;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    @Inject
    Connections connections;

    @Inject
    MeterRegistry meters;

    private final List<Socket> sockets = new ArrayList<>();

    /** Limits that a test reaches. */
    public static class LowLimits implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "holdfast.http.request-time", "3s",
                    "holdfast.http.connections-max", Integer.toString(CONNECTIONS_MAX),
                    "holdfast.http.bodies-max", Integer.toString(BODIES_MAX));
        }
    }

    private Socket connect(String text) throws IOException {
        var socket = new Socket("localhost", RestAssured.port);
        socket.setSoTimeout(60_000);
        sockets.add(socket);
        send(socket, text);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** Returns what came before the node closed the connection; fails when it does not close it. */
    private static String untilClosed(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketTimeoutException open) {
            throw open;
        } catch (SocketException reset) {
            return "";
        }
    }

    private static String statusLine(Socket socket) throws IOException {
        var line = new StringBuilder();
        for (int next = socket.getInputStream().read();
                next >= 0 && next != '\r';
                next = socket.getInputStream().read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    private void served() throws IOException {
        assertEquals("HTTP/1.1 200 OK", statusLine(connect("GET /v1/cluster HTTP/1.1\r\nHost: a\r\n\r\n")));
    }

    private void untilBytesAreHeld(int bytes) {
        var deadline = System.nanoTime() + PATIENCE_NANOS;
        while (meters.get("holdfast.http.bodies.held").gauge().value() < bytes) {
            assertTrue(System.nanoTime() < deadline, () -> bytes + " bytes of bodies are not held");
            Thread.onSpinWait();
        }
    }

    @AfterEach
    void hangUp() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
        var deadline = System.nanoTime() + PATIENCE_NANOS;
        while (connections.open() > 5) {
            assertTrue(System.nanoTime() < deadline, () -> connections.open() + " connections stay");
            Thread.onSpinWait();
        }
    }

    @Test
    void connectionsThatAreSilentOrSlowEndInTimeAndOthersAreServedMeanwhile() throws IOException {
        served();
        var heap = usedHeap();
        var began = System.nanoTime();
        var silent = new ArrayList<Socket>();
        var slowHeads = new ArrayList<Socket>();
        var slowBodies = new ArrayList<Socket>();
        var faultsBefore = connections.faults(Fault.SLOW_BODY);
        for (var i = 0; i < EACH; i++) {
            silent.add(connect(""));
            slowHeads.add(connect("GET /v1/cluster HTTP/1.1\r\nHost: a\r\nX-Slow: "));
            slowBodies.add(connect("POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 1000\r\n\r\n{"));
        }
        LOG.infof(
                "%d silent and slow connections cost %d bytes of heap each",
                3 * EACH, (usedHeap() - heap) / (3 * EACH));
        served();
        for (var socket : slowHeads) {
            // A byte now and then does not help it.
            send(socket, "x");
        }
        for (var socket : slowBodies) {
            var answer = untilClosed(socket);
            assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
            assertTrue(answer.contains("urn:holdfast:problem:request-timeout"), answer);
        }
        for (var socket : silent) {
            assertEquals("", untilClosed(socket));
        }
        for (var socket : slowHeads) {
            assertEquals("", untilClosed(socket));
        }
        var millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        LOG.infof("all were ended after %d ms, of 3000 that a request may take", millis);
        assertTrue(millis >= 2_900, "ended after " + millis + " ms");
        assertEquals(EACH, connections.faults(Fault.SLOW_BODY) - faultsBefore);
        served();
    }

    /** One frame of HTTP/2. */
    private static byte[] frame(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** Sends frames until the node closes the connection; fails when it takes them all. */
    private void flood(String what, int frames, IntFunction<byte[]> frame) throws IOException {
        var socket = connect("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        var out = new BufferedOutputStream(socket.getOutputStream());
        out.write(frame(SETTINGS, 0, 0));
        try {
            for (var i = 0; i < frames; i++) {
                out.write(frame.apply(i));
            }
            out.flush();
        } catch (SocketException closed) {
            LOG.infof("the connection was closed while it was flooded with %s", what);
        }
        // It does not end by itself: were it taken, nothing would close it before the time of idle connections.
        socket.setSoTimeout(30_000);
        untilClosed(socket);
        served();
    }

    @Test
    void aFloodOfHttp2FramesEndsItsConnection() throws IOException {
        // GET / of the authority a: the first three are in the static table.
        byte[] head = {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x41, 1, 'a'};
        flood(
                "resets",
                2_000,
                i -> i % 2 == 0
                        ? frame(HEADERS, END_STREAM | END_HEADERS, i + 1, head)
                        : frame(RST_STREAM, 0, i, (byte) 0, (byte) 0, (byte) 0, (byte) 8));
        flood("continuations", 20_000, i -> i == 0 ? frame(HEADERS, END_STREAM, 1, head) : frame(CONTINUATION, 0, 1));
        byte[] field = new byte[1_000];
        Arrays.fill(field, (byte) 'x');
        // A literal that is not indexed: a name of one character, and the rest as its value, whose length has three
        // bytes.
        int more = field.length - 6 - 127;
        field[0] = 0;
        field[1] = 1;
        field[3] = 127;
        field[4] = (byte) (more & 0x7f | 0x80);
        field[5] = (byte) (more >> 7);
        flood("headers", 500, i -> i == 0 ? frame(HEADERS, END_STREAM, 1, head) : frame(CONTINUATION, 0, 1, field));
    }

    @Test
    void bodiesThatAreHeldTogetherHaveABound() throws IOException {
        var head = "POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Content-Length: 60000\r\n\r\n";
        var refused = 0;
        var big = new ArrayList<Socket>();
        for (var i = 0; i < 10; i++) {
            big.add(connect(head + " ".repeat(50_000)));
        }
        for (var socket : big) {
            var answer = untilClosed(socket);
            refused += answer.startsWith("HTTP/1.1 503 ") ? 1 : 0;
        }
        assertTrue(refused >= 7, refused + " of 10 were refused, and two have room");
        served();
        var small = connect("POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Content-Length: 12\r\n\r\n{\"ttl\":\"9s\"}");
        assertEquals("HTTP/1.1 201 Created", statusLine(small));
    }

    @Test
    void oneAddressHoldsHalfOfTheBytesOfBodiesAtMost() throws IOException {
        var head = "POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
        var held = connect(head + "Content-Length: 50010\r\n\r\n" + " ".repeat(50_000));
        // Two that arrive together take room from each other, and either may be rejected.
        untilBytesAreHeld(50_000);
        var more = connect(head + "Content-Length: 50010\r\n\r\n" + " ".repeat(50_000));
        assertTrue(untilClosed(more).startsWith("HTTP/1.1 503 "));
        var other = new Socket("localhost", RestAssured.port, InetAddress.getByName("127.0.0.2"), 0);
        other.setSoTimeout(60_000);
        sockets.add(other);
        send(other, head + "Content-Length: 50012\r\n\r\n" + " ".repeat(50_000) + "{\"ttl\":\"9s\"}");
        assertEquals("HTTP/1.1 201 Created", statusLine(other));
        var late = untilClosed(held);
        assertTrue(late.startsWith("HTTP/1.1 408 "), late);
    }

    @Test
    void connectionsThatAreKeptWithoutARequestMakeRoomForOthers() throws IOException {
        for (var i = 0; i < CONNECTIONS_MAX + 20; i++) {
            served();
        }
        assertTrue(connections.faults(Fault.MAKES_ROOM) > 0);
        assertTrue(connections.open() <= CONNECTIONS_MAX, () -> connections.open() + " are open");
    }

    private static long usedHeap() {
        System.gc();
        System.gc();
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
