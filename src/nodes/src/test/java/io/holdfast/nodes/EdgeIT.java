package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.ensemble.Ensemble;
import io.holdfast.ensemble.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The HTTP port of a real process: one that has few descriptors left, and one that is told to stop. */
class EdgeIT {

    private static final Duration BOUND = Duration.ofMinutes(3);
    private static final int SPARE = 60;
    private static final int STREAMS = 400;
    private static final Pattern PAUSES = Pattern.compile("(?m)^holdfast_http_accept_pauses_total (\\S+)");
    private static final int ENDED_BY_SIGTERM = 128 + 15;

    @RegisterExtension
    final Nodes one = new Nodes(1, blueprint -> Nodes.patient(blueprint).with("quarkus.shutdown.delay", "4s"));

    @Test
    void aNodeWithFewDescriptorsOutlivesManyStreamsAndThenLeavesInOrder() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "without prlimit no limit can be lowered");
        var ensemble = one.ensemble();
        ensemble.start();
        var client = new Client(ensemble, 1);
        var session = client.openSession();
        fewDescriptors(ensemble.node(1).pid());

        var streams = new ArrayList<Socket>();
        try {
            for (var i = 0; i < STREAMS; i++) {
                streams.add(stream(ensemble));
            }
            Eventually.await(
                    "the node stops accepting",
                    BOUND,
                    () -> says(ensemble, "No more connections are accepted for now"));
        } finally {
            for (var stream : streams) {
                stream.close();
            }
        }

        // The kernel's queue has many connections that are over: the node meets them all before it serves anew.
        Eventually.await(
                "the node is ready again",
                BOUND,
                () -> ensemble.get(1, "/q/health/ready").contains("UP"));
        assertFalse(ensemble.get(1, "/q/health/live").isEmpty(), "it lives");
        Client.granted(client.take("after", session, "the-flood", "0s"));
        assertTrue(pauses(ensemble) > 0, "it stopped accepting");
        assertFalse(says(ensemble, "Incident"), "something failed");

        leavesInOrder(ensemble);
    }

    private static double pauses(Ensemble ensemble) {
        var found = PAUSES.matcher(ensemble.get(1, "/q/metrics"));
        return found.find() ? Double.parseDouble(found.group(1)) : 0;
    }

    /** Readiness goes down while requests are still served. */
    private static void leavesInOrder(Ensemble ensemble) throws Exception {
        var process = ProcessHandle.of(ensemble.node(1).pid()).orElseThrow();
        assertTrue(process.destroy());
        Eventually.await(
                "readiness goes down",
                BOUND,
                () -> ensemble.get(1, "/q/health/ready").isEmpty());
        assertFalse(ensemble.get(1, "/v1/cluster").isEmpty(), "a node that drains serves");
        assertEquals(ENDED_BY_SIGTERM, ensemble.node(1).awaitExit(BOUND));
        assertFalse(says(ensemble, "did not close in order"), "it left its log as it was");
    }

    private static boolean says(Ensemble ensemble, String what) {
        try {
            return ensemble.node(1).log().contains(what);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Socket stream(Ensemble ensemble) throws IOException {
        var socket = new Socket();
        socket.connect(new InetSocketAddress("127.0.0.1", ensemble.port(1)), (int) BOUND.toMillis());
        socket.getOutputStream()
                .write("GET /v1/events HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n"
                        .getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private static void fewDescriptors(long pid) throws Exception {
        long open;
        try (var files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            open = files.count();
        }
        var limit = Long.toString(open + SPARE);
        var lowered = new ProcessBuilder(
                        List.of("prlimit", "--pid", Long.toString(pid), "--nofile=" + limit + ":" + limit))
                .inheritIO()
                .start();
        assertTrue(lowered.waitFor(60, TimeUnit.SECONDS) && lowered.exitValue() == 0);
    }
}
