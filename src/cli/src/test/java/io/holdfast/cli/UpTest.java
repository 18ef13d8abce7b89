package io.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.holdfast.ensemble.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The archive of a node's classes that {@code up} makes, with a program in place of the JVM that records its arguments.
 */
@Timeout(300)
class UpTest {

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final String NODE = "-Dholdfast.node-id=1";
    private static final String USED = "-XX:SharedArchiveFile=";
    private static final String JAVA = """
            #!/usr/bin/env bash
            echo "$* state-bytes=${HOLDFAST_LIMITS_STATE_BYTES:-own}" >>"${0%/*}/../calls"
            case " $* " in
                *" rehearse "*)
                    while [ -f "${0%/*}/../hold" ]; do sleep 0.05; done
                    for word; do
                        case $word in -XX:ArchiveClassesAtExit=* | -XX:AOTCacheOutput=*) : >"${word#*=}" ;; esac
                    done
                    ;;
                *holdfast-server.jar*) exec sleep 600 ;;
                *" prepare "*) echo hash-of-the-first-key ;;
                *" begin "*) echo 1 ;;
            esac
            """;

    @TempDir
    private Path directory;

    private final List<Up> ups = new ArrayList<>();
    private final Map<String, String> settings = new HashMap<>();
    private int snapshotBytes;
    private Path home;
    private Path jar;

    @BeforeEach
    void install() throws IOException {
        home = directory.resolve("holdfast");
        Files.createDirectories(home.resolve("lib"));
        Files.copy(Path.of("../../holdfast"), home.resolve("holdfast"));
        Files.writeString(home.resolve("lib/holdfast-cli.jar"), "");
        jar = Files.writeString(home.resolve("lib/holdfast-server.jar"), "one");
        Path java = Files.writeString(
                Files.createDirectories(directory.resolve("jdk/bin")).resolve("java"), JAVA);
        assertTrue(java.toFile().setExecutable(true));
        build("17.0.9+1");
    }

    @AfterEach
    void stop() throws Exception {
        for (Up up : ups) {
            up.stop();
        }
    }

    private void build(String version) throws IOException {
        Files.writeString(
                directory.resolve("jdk/release"),
                "JAVA_VERSION=\"%s\"\nJAVA_RUNTIME_VERSION=\"%s\"\n".formatted(version.split("\\+")[0], version));
    }

    @Test
    void theFirstUpMakesAnArchiveForThisJarAndThisJvmAndTheNextUsesIt() throws Exception {
        runUntilArchived("17");
        Path first = archives().get(0);
        assertTrue(nodeCalls().get(0).contains("-Xmx128m"), nodeCalls().toString());
        assertFalse(nodeCalls().get(0).contains(USED), nodeCalls().toString());
        assertTrue(
                calls("rehearse").get(0).contains("-XX:ArchiveClassesAtExit="),
                calls("rehearse").toString());

        runUntilArchived("17");
        assertTrue(nodeCalls().get(1).contains(USED + first), nodeCalls().toString());
        assertEquals(1, calls("rehearse").size());

        build("25.0.3+9");
        runUntilArchived("25");
        assertFalse(nodeCalls().get(2).contains(USED), nodeCalls().toString());
        assertTrue(
                calls("rehearse").get(1).contains("-XX:AOTCacheOutput="),
                calls("rehearse").toString());

        Files.writeString(jar, "two");
        Path before = first.getParent();
        Files.setLastModifiedTime(before, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        Up last = up("a");
        last.awaitServing();
        Eventually.await("the jar before and its archive are gone", BOUND, () -> !Files.exists(before));
        Eventually.await(
                "there is an archive for the jar of now",
                BOUND,
                () -> archives().size() == 1);
        assertEquals(3, calls("rehearse").size());
        assertFalse(nodeCalls().get(3).contains(USED), nodeCalls().toString());
    }

    @Test
    void withoutADirectoryForArchivesNodesStartAllTheSame() throws Exception {
        Files.writeString(directory.resolve("cache"), "a file");
        Up up = up("a");
        up.awaitServing();
        up.stop();
        assertEquals(
                1,
                up.said()
                        .lines()
                        .filter(line -> line.contains("no archive of classes"))
                        .count(),
                up.said());
        assertEquals(0, calls("rehearse").size());
    }

    @Test
    void twoUpsMakeOneArchiveAndOneThatIsStoppedLeavesNothing() throws Exception {
        Files.writeString(directory.resolve("jdk/hold"), "");
        Up one = up("a");
        one.awaitServing();
        Eventually.await(
                "an archive is being made", BOUND, () -> calls("rehearse").size() == 1);
        Up two = up("b");
        two.awaitServing();
        assertEquals(1, calls("rehearse").size());
        one.stop();
        // The other one may only now come to its archive, and then makes one; stopped, it leaves nothing either.
        two.stop();
        Eventually.await("nothing is left", BOUND, () -> files(".making").isEmpty());
        assertEquals(List.of(), archives());

        Files.delete(directory.resolve("jdk/hold"));
        runUntilArchived("17");
        assertEquals(
                "",
                one.said()
                        .lines()
                        .filter(line -> line.contains("archive"))
                        .findAny()
                        .orElse(""));
    }

    @Test
    void theTrainingRunHasTheBoundsOfTheNodes() throws Exception {
        runUntilArchived("17");
        assertTrue(calls("rehearse").get(0).endsWith("state-bytes=16M"), calls("rehearse")::toString);
        assertTrue(calls("rehearse")
                .get(0)
                .contains("-Djava.io.tmpdir=" + archives().get(0) + ".making"));
        settings.put("HOLDFAST_LIMITS_STATE_BYTES", "8M");
        Files.delete(archives().get(0));
        runUntilArchived("17");
        assertTrue(nodeCalls().get(1).endsWith("state-bytes=8M"), nodeCalls()::toString);
        assertTrue(calls("rehearse").get(1).endsWith("state-bytes=8M"), calls("rehearse")::toString);
    }

    @Test
    void anEnsembleThatHoldsMuchGetsTheServersOwnBoundsAndAHeapForThem() throws Exception {
        snapshotBytes = 4 << 20;
        Up up = up("a");
        up.awaitServing();
        assertTrue(nodeCalls().get(0).contains("-Xmx256m"), nodeCalls()::toString);
        assertTrue(nodeCalls().get(0).endsWith("state-bytes=own"), nodeCalls()::toString);
        assertTrue(up.said().contains("holds much"), up::said);
    }

    @Test
    void aJarThatIsNotInUseGoesAlsoWhenNoArchiveIsMade() throws Exception {
        Files.writeString(directory.resolve("jdk/hold"), "");
        Up one = up("a");
        one.awaitServing();
        one.stop();
        Path before = files("holdfast-server.jar").get(0).getParent();
        Files.writeString(jar, "two");
        Up two = up("b");
        two.awaitServing();
        assertTrue(Files.exists(before), "another up may still have it in use");
        two.stop();
        Files.setLastModifiedTime(before, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        up("c").awaitServing();
        Eventually.await("the jar before is gone", BOUND, () -> !Files.exists(before));
        assertEquals(List.of(), archives());
    }

    @Test
    void securedNodesAreGivenTheirFilesAndNoUpWithoutThemTakesTheirData() throws Exception {
        Path data = Files.createDirectories(directory.resolve("secured/node-1")).getParent();
        Up up = up("a", "--secure", "--data", data.toString());
        Eventually.await("it is up", BOUND, () -> up.said().contains("is up") || !up.process.isAlive());
        assertTrue(up.said().contains("with TLS and rules that are enforced; node 1 leads"), up::said);
        assertTrue(up.said().contains("HOLDFAST_AUTH_FILE=" + data + "/secure/first.key"), up::said);
        String node = nodeCalls().get(0);
        for (String setting : List.of(
                "quarkus.http.ssl-port=" + up.port,
                "holdfast.tls.mode=required",
                "holdfast.tls.certificate=" + data + "/secure/node-1.crt",
                "holdfast.tls.key=" + data + "/secure/node-1.key",
                "holdfast.peer.tls.mode=required",
                "holdfast.peer.tls.ca=" + data + "/secure/ca.crt",
                "holdfast.auth.bootstrap-key-hash=hash-of-the-first-key")) {
            assertTrue(node.contains("-D" + setting + " "), node);
        }
        assertFalse(node.contains("quarkus.http.port"), node);
        assertTrue(
                calls("context set local-secure").get(0).contains("--auth-file " + data + "/secure/first.key"),
                () -> calls("context set").toString());
        up.stop();

        Up plain = up("b", "--port", Integer.toString(up.port), "--data", data.toString());
        assertTrue(plain.process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS), plain::said);
        assertTrue(plain.said().contains("1 nodes from port " + up.port + " with --secure, not of"), plain::said);
        assertEquals(1, nodeCalls().size());
    }

    /** Until there is an archive of the jar and the build that are there now, and the one before is gone. */
    private void runUntilArchived(String build) throws Exception {
        Up up = up("a");
        up.awaitServing();
        Eventually.await(
                "an archive is there",
                BOUND,
                () -> files(".making").isEmpty()
                        && archives().size() == 1
                        && archives().get(0).getFileName().toString().startsWith(build));
        up.stop();
    }

    private Up up(String name, String... more) throws IOException {
        Up up = new Up(name, List.of(more));
        ups.add(up);
        return up;
    }

    private List<String> nodeCalls() {
        return calls(NODE);
    }

    private List<String> calls(String word) {
        Path calls = directory.resolve("jdk/calls");
        try {
            return Files.exists(calls)
                    ? Files.readAllLines(calls).stream()
                            .filter(line -> line.contains(word))
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> archives() {
        return files(".jsa");
    }

    private List<Path> files(String end) {
        Path cache = directory.resolve("cache/holdfast");
        if (!Files.isDirectory(cache)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(cache, 2)) {
            return files.filter(file -> file.toString().endsWith(end)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that runs, with a server of the test in place of its node's. */
    private final class Up {
        private final Path log;
        private final Process process;
        private final int port;
        private final int before;
        private HttpServer server;

        Up(String name, List<String> more) throws IOException {
            before = calls(NODE).size();
            port = freePort();
            log = directory.resolve(name + ".log");
            Path data = directory.resolve("data-" + port);
            if (snapshotBytes > 0) {
                Path node = Files.createDirectories(data.resolve("node-1"));
                Files.write(node.resolve("snapshot-1"), new byte[snapshotBytes]);
            }
            ProcessBuilder builder = new ProcessBuilder(
                            "bash",
                            home.resolve("holdfast").toString(),
                            "up",
                            "--nodes",
                            "1",
                            "--port",
                            Integer.toString(port),
                            "--data",
                            data.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            // What is given later counts.
            builder.command().addAll(more);
            builder.environment().keySet().removeIf(key -> key.startsWith("HOLDFAST_") || key.equals("JAVA_OPTS"));
            builder.environment().put("JAVA_HOME", directory.resolve("jdk").toString());
            builder.environment()
                    .put("XDG_CACHE_HOME", directory.resolve("cache").toString());
            builder.environment()
                    .put("XDG_STATE_HOME", directory.resolve("state").toString());
            builder.environment().putAll(settings);
            process = builder.start();
        }

        void awaitServing() throws Exception {
            Eventually.await("a node is started", BOUND, () -> calls(NODE).size() > before || !process.isAlive());
            assertTrue(process.isAlive(), this::said);
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            server.createContext("/", exchange -> {
                byte[] body = "{\"leader\":1}".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            Eventually.await("it is up", BOUND, () -> said().contains("is up") || !process.isAlive());
            assertTrue(process.isAlive(), this::said);
        }

        void stop() throws Exception {
            process.destroy();
            assertTrue(process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS), this::said);
            if (server != null) {
                server.stop(0);
                server = null;
            }
        }

        String said() {
            try {
                return Files.readString(log);
            } catch (IOException e) {
                return e.toString();
            }
        }
    }

    /** One whose peer port is free, too. */
    private static int freePort() throws IOException {
        while (true) {
            try (ServerSocket http = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                int port = http.getLocalPort();
                if (port <= 65_400 && isFree(port + 100)) {
                    return port;
                }
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket peer = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return peer.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
