package io.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.api.OpenedSession;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.spi.ApiAnswer;
import io.holdfast.client.spi.ApiCalls;
import io.holdfast.client.spi.ApiRequest;
import io.holdfast.ensemble.Blueprint;
import io.holdfast.ensemble.Ensemble;
import io.holdfast.ensemble.Eventually;
import io.holdfast.ensemble.NodeProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command against three nodes: the page that describes it, and the program as it is packaged. */
@Timeout(300)
class CommandIT {

    private static final Path SERVER_JAR = Path.of("../server/target/holdfast-server.jar");
    private static final Path COMMAND_JAR = Path.of("target/holdfast-cli.jar");
    private static final Path SCRIPT = Path.of("../../holdfast");
    private static final Path PAGE = Path.of("../../docs/guides/command.md");
    private static final Duration BOUND = Duration.ofSeconds(120);

    @TempDir
    private static Path directory;

    private static Ensemble ensemble;
    private static ApiCalls api;
    private static final ScheduledExecutorService KEEPALIVES = Executors.newSingleThreadScheduledExecutor();

    @BeforeAll
    static void start() throws Exception {
        assertTrue(Files.isRegularFile(SERVER_JAR), "these tests run after mvn package, as mvn verify does");
        ensemble = new Ensemble(
                Blueprint.of(SERVER_JAR.toAbsolutePath(), directory, 3).startedOften());
        ensemble.start();
        api = HoldfastClient.builder().endpoints(endpoints().split(",")).buildCalls();
    }

    @AfterAll
    static void stop() {
        KEEPALIVES.shutdownNow();
        api.close();
        ensemble.close();
    }

    private static String endpoints() {
        return ensemble.uri(1) + "," + ensemble.uri(2) + "," + ensemble.uri(3);
    }

    /** Opens a session that lives as long as the test. */
    private static String session(String name) throws Exception {
        String body = "{\"ttl\":\"60s\",\"name\":\"" + name + "\"}";
        ApiRequest request = new ApiRequest(
                "POST",
                "/v1/sessions",
                Map.of("Idempotency-Key", name),
                body,
                Duration.ZERO,
                BOUND,
                java.util.Optional.of(OpenedSession::read));
        String id = api.call(request).read(OpenedSession::read).id();
        KEEPALIVES.scheduleWithFixedDelay(() -> keepAlive(id), 5, 5, TimeUnit.SECONDS);
        return id;
    }

    private static void keepAlive(String session) {
        try {
            api.call(ApiRequest.of("POST", "/v1/sessions/" + session + "/keepalive"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void grant(String id, String session, String lock) throws Exception {
        String body = "{\"session\":\"" + session + "\",\"lock\":\"" + lock + "\",\"wait\":\"1h\"}";
        ApiAnswer answer = api.call(new ApiRequest(
                "PUT", "/v1/grants/" + id, Map.of(), body, Duration.ZERO, BOUND, java.util.Optional.empty()));
        assertTrue(answer.status() < 300, answer.toString());
    }

    @Test
    void theCommandsOfThePageEndAsItSays() throws Exception {
        grant("close-2026-11", session("worker-2"), "payments/settlement");
        grant("report-9", session("report"), "payments/settlement");
        PageRun page = new PageRun(directory.resolve("home"), PAGE);
        for (int node = 1; node <= 3; node++) {
            page.means("http://10.0.0." + node + ":7100", ensemble.uri(node).toString());
        }
        page.means("rules.yaml", rules().toString());
        page.means("ci.key", directory.resolve("ci.key").toString());

        page.run();

        assertTrue(page.ran() > 50, "the page has " + page.ran() + " commands");
        assertTrue(page.output("holdfast locks list payments/ --waiting").contains("worker-2"));
        assertTrue(page.output("holdfast cluster status").contains("leads"));
        assertTrue(page.output("holdfast members list").lines().count() == 4);
    }

    /** The rules that the page shows. */
    private static Path rules() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf("```yaml\n") + 8;
        return Files.writeString(directory.resolve("rules.yaml"), page.substring(begin, page.indexOf("```", begin)));
    }

    @Test
    void eventsAreWatchedUntilTheReaderIsGone() throws Exception {
        String session = session("watched");
        grant("watched-1", session, "watched/one");
        grant("watched-2", session, "watched/two");
        Lines reader = new Lines(1);
        Shell shell = new Shell(
                InputStream.nullInputStream(),
                new PrintStream(reader, true, StandardCharsets.UTF_8),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                Map.of("HOLDFAST_TIMEOUT", "120s"),
                directory,
                Shell.Terminal.NONE);
        String[] words = {"watch", "watched/", "--since", "start", "--json", "-e", endpoints()};
        assertEquals(ExitCode.FAILED, Main.run(shell, words));
        assertTrue(reader.text().startsWith("{\""), reader.text());
        assertEquals(1, reader.text().lines().count());
    }

    /** A reader that has had enough after some lines. */
    private static final class Lines extends OutputStream {
        private final StringBuilder text = new StringBuilder();
        private int left;

        Lines(int lines) {
            left = lines;
        }

        @Override
        public synchronized void write(int b) throws IOException {
            if (left == 0) {
                throw new IOException("Broken pipe");
            }
            text.append((char) b);
            if (b == '\n') {
                left--;
            }
        }

        synchronized String text() {
            return text.toString();
        }
    }

    /** As it is installed: script and jar, and nothing to build. */
    @Test
    void theInstalledCommandRunsAndStartsFasterTheNextTime() throws Exception {
        Path front = install("installed");
        Path link = Files.createSymbolicLink(directory.resolve("linked"), front);

        String first = run(0, link.toString(), "members", "-o", "name", "-e", endpoints(), "--timeout", "120s");
        assertEquals("1\n2\n3\n", first);
        Path cache = directory.resolve("cache/holdfast");
        Eventually.await("the archive of classes is made", BOUND, () -> archives(cache) == 1);
        assertEquals(first, run(0, link.toString(), "members", "-o", "name", "-e", endpoints(), "--timeout", "120s"));
        assertTrue(run(64, link.toString(), "mebmers").contains("'mebmers'"));
        assertTrue(run(1, link.toString(), "bench").contains("bench is in the source tree"));
        assertTrue(run(1, link.toString(), "verify", "file").contains("set HOLDFAST_SERVER_JAR"));
        assertTrue(run(0, link.toString(), "help").contains("completion"));
        String server = "HOLDFAST_SERVER_JAR=" + SERVER_JAR.toAbsolutePath();
        List<String> variables = List.of(server, "HOLDFAST_ENDPOINTS=http://localhost:1");
        String none = run(variables, 66, link.toString(), "verify", "no-such-file");
        assertTrue(
                none.contains("there is no file " + Path.of("no-such-file").toAbsolutePath()),
                "the command's variables reach the server: " + none);
    }

    /** The tour of the README and the calls of the REST guide, as a reader types them. */
    @Test
    void theCommandsOfReadmeAndRestGuideEndAsTheySay() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "NOT TESTED: there is no curl");
        Path front = install("typed");
        List<String> tour = ShellPage.commands(Path.of("../../README.md"));
        List<String> calls = ShellPage.commands(Path.of("../../docs/guides/rest.md"));
        assertTrue(tour.size() > 4 && calls.size() > 10, tour + " and " + calls);
        String script = ShellPage.script(tour, front.toString()) + ShellPage.script(calls, front.toString());
        for (int node = 1; node <= 3; node++) {
            script = script.replace("localhost:720" + node, ensemble.uri(node).getAuthority());
        }
        Path file = Files.writeString(directory.resolve("typed.sh"), script);
        String said = run(
                0,
                "-c",
                "cd " + directory + "; HOLDFAST_ENDPOINTS=" + endpoints() + " HOLDFAST_TIMEOUT=120s exec bash " + file);
        assertTrue(said.contains("payments/eu  exclusive"), said);
        assertTrue(said.contains("leads"), said);
    }

    private static Path install(String name) throws IOException {
        Path installed =
                Files.createDirectories(directory.resolve(name).resolve("lib")).getParent();
        Files.copy(SCRIPT, installed.resolve("holdfast"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(COMMAND_JAR, installed.resolve("lib/holdfast-cli.jar"));
        Files.copy(Path.of("src/main/bash/guard.bash"), installed.resolve("lib/guard.bash"));
        return installed.resolve("holdfast");
    }

    private static long archives(Path cache) {
        try (Stream<Path> files = Files.list(cache)) {
            return files.filter(file -> file.toString().endsWith(".jsa")).count();
        } catch (IOException e) {
            return 0;
        }
    }

    private static String run(int code, String... words) throws Exception {
        return run(List.of(), code, words);
    }

    private static String run(List<String> variables, int code, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "JAVA_HOME=" + System.getProperty("java.home"),
                "XDG_CACHE_HOME=" + directory.resolve("cache"),
                "XDG_CONFIG_HOME=" + directory.resolve("config")));
        command.addAll(variables);
        command.add("bash");
        command.addAll(List.of(words));
        String name = "run-" + System.identityHashCode(command);
        try (NodeProcess process = new NodeProcess(name, command, directory)) {
            process.start();
            assertEquals(code, process.awaitExit(BOUND), process.log());
            return process.log();
        }
    }
}
