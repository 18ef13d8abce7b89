package io.holdfast.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Blueprint;
import io.holdfast.ensemble.Ensemble;
import io.holdfast.ensemble.Eventually;
import io.holdfast.ensemble.FreePorts;
import io.holdfast.ensemble.NodeProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Packaged sidecars against three real nodes: killed, stopped, ended, and what their programs see of it. */
@Timeout(300)
class SidecarIT {

    private static final Path SERVER_JAR = Path.of("../server/target/holdfast-server.jar");
    private static final Duration BOUND = Duration.ofSeconds(120);
    private static final Pattern TOKEN = Pattern.compile("\"token\":(\\d+)");

    @TempDir
    private static Path directory;

    private static Ensemble ensemble;

    @BeforeAll
    static void start() throws Exception {
        assertTrue(SERVER_JAR.toFile().isFile(), "these tests run after mvn package, as mvn verify does");
        ensemble = new Ensemble(
                Blueprint.of(SERVER_JAR.toAbsolutePath(), directory, 3).startedOften());
        ensemble.start();
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    private static Map<String, String> settings(String election, String ttl) {
        Map<String, String> settings = new HashMap<>();
        settings.put("HOLDFAST_ENDPOINTS", ensemble.uri(1) + "," + ensemble.uri(2) + "," + ensemble.uri(3));
        settings.put("HOLDFAST_ELECTION", election);
        settings.put("HOLDFAST_TTL", ttl);
        return settings;
    }

    private static SidecarProcess sidecar(String name, Map<String, String> settings) throws Exception {
        SidecarProcess sidecar = new SidecarProcess(name, directory, FreePorts.find(2), settings);
        sidecar.process().start();
        return sidecar;
    }

    private static long token(String document) {
        Matcher found = TOKEN.matcher(document);
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }

    private static void await(String what, BooleanSupplier condition) throws Exception {
        Eventually.await(what, BOUND, condition);
    }

    @Test
    void aLeaderThatIsStoppedOrKilledIsFollowedByTheOther() throws Exception {
        Map<String, String> settings = settings("it/losses", "6s");
        try (SidecarProcess one = sidecar("loss-1", settings);
                SidecarProcess two = sidecar("loss-2", settings)) {
            await("one of them leads", () -> one.leads() || two.leads());
            SidecarProcess leader = one.leads() ? one : two;
            SidecarProcess other = leader == one ? two : one;
            await("the other names it", () -> other.get("/").contains("\"name\":\"" + leader + "\""));
            assertEquals(503, other.status("/isLeader"));
            assertEquals(200, other.probe("/readyz"));
            assertEquals(200, other.probe("/livez"));
            long first = token(leader.get("/leader"));
            List<String> told = follow(leader);

            leader.process().freeze();
            await("the other leads", other::leads);
            leader.process().thaw();
            assertEquals(503, leader.status("/isLeader"), "the first answer after it went on");
            assertFalse(leader.get("/").contains("\"name\":\"" + leader + "\""));
            await("it says so", () -> told.contains("event: lost"));
            assertTrue(told.contains("event: stop"), told.toString());
            long second = token(other.get("/leader"));
            assertTrue(second > first);

            List<String> heard = follow(leader);
            other.process().kill();
            await("it leads again", leader::leads);
            assertTrue(token(leader.get("/leader?maxAge=0ms")) > second);
            await("the change was told", () -> heard.stream().anyMatch(line -> line.contains("\"me\":true")));
        }
    }

    /** Lines of the events of a sidecar, from now on. */
    private static List<String> follow(SidecarProcess sidecar) throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();
        HttpResponse<InputStream> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(sidecar.uri("/events")).build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        Thread reader = new Thread(() -> {
            try (var in = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                in.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                lines.add("the stream ended");
            }
        });
        reader.setDaemon(true);
        reader.start();
        return lines;
    }

    @Test
    void theLeadershipIsHandedOverAndAPodsEndReleasesIt() throws Exception {
        Map<String, String> settings = settings("it/planned", "60s");
        settings.put("HOLDFAST_DRAIN", "60s");
        settings.put("HOLDFAST_ON_STOP", "exec:true");
        try (SidecarProcess one = sidecar("plan-1", settings);
                SidecarProcess two = sidecar("plan-2", settings)) {
            await("one of them leads", () -> one.leads() || two.leads());
            SidecarProcess leader = one.leads() ? one : two;
            SidecarProcess other = leader == one ? two : one;
            assertEquals(409, other.post("/resign", "").statusCode());
            await("the other stands", () -> handsOver(leader, other));
            await("the other leads", other::leads);
            assertEquals(202, other.post("/resign", "").statusCode());
            await("it leads again", leader::leads);

            assertEquals(200, leader.probe("/drain"));
            assertTrue(leader.leads(), "it goes on until it is sent SIGTERM");
            assertEquals(0, leader.process().stop());
            await("the other leads at once", other::leads);
            assertTrue(
                    leader.process().log().contains("shutdown"),
                    leader.process().log());
        }
    }

    private static boolean handsOver(SidecarProcess leader, SidecarProcess other) {
        try {
            return leader.post("/handOver", "{\"to\":\"" + other + "\",\"drain\":\"60s\"}")
                            .statusCode()
                    == 202;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aPlainContainerLeadsUntilTheApplicationListensNoMore() throws Exception {
        Map<String, String> settings = settings("it/plain", "60s");
        settings.put("HOLDFAST_DRAIN", "10m");
        ServerSocket application = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        settings.put("HOLDFAST_WORK_PORT", Integer.toString(application.getLocalPort()));
        try (SidecarProcess sidecar = sidecar("plain-1", settings)) {
            await("it leads", sidecar::leads);
            sidecar.process().terminate();
            await("it was told", () -> log(sidecar.process()).contains("leads until the application has ended"));
            assertTrue(sidecar.leads());
            application.close();
            assertEquals(0, sidecar.process().awaitExit(BOUND));
        }
    }

    private static String log(NodeProcess process) {
        try {
            return process.log();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theCommandsOfTheGuideAndTheExampleApplicationRun() throws Exception {
        Map<String, String> settings = settings("jobs/leader", "60s");
        try (SidecarProcess sidecar = sidecar("pod-1", settings)) {
            await("it leads", sidecar::leads);
            await("it is named", () -> sidecar.get("/").contains("pod-1"));
            int run = 0;
            String page = GuideTest.page();
            String block = page.substring(page.indexOf("```sh\n") + 6);
            for (String line : block.substring(0, block.indexOf("```")).lines().toList()) {
                String[] parts = line.split(" {2}# ");
                String command = parts[0].replace("localhost:7180", "127.0.0.1:" + sidecar.port())
                                .replace("localhost:7181", "127.0.0.1:" + sidecar.probes())
                        + " -w '\\n%{http_code}'";
                String output = run("bash", "-c", command);
                assertTrue(output.endsWith("\n" + parts[1]), command + ": " + output);
                run++;
            }
            assertEquals(9, run);

            await("it leads again", sidecar::leads);
            Path script = GuideTest.root().resolve("k8s/sidecar/base/work.sh");
            NodeProcess application = new NodeProcess(
                    "application",
                    List.of("env", "SIDECAR=http://127.0.0.1:" + sidecar.port(), "sh", script.toString()),
                    directory);
            try (application) {
                application.start();
                String words = "one piece of work with token " + token(sidecar.get("/isLeader"));
                await("it works", () -> log(application).contains(words));
                assertEquals(0, application.stop());
                assertTrue(application.log().contains("ended"), application.log());
            }
        }
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), String.join(" ", command) + ": " + output);
        return output;
    }

    @Test
    void whatCannotBeStartedSaysWhyInALineAndByItsExitCode() throws Exception {
        assertEnds(64, Map.of(), List.of("--port"), "usage: java -jar holdfast-sidecar.jar");
        assertEnds(78, Map.of(), List.of(), "holdfast-sidecar: HOLDFAST_ENDPOINTS: is missing");
        Map<String, String> settings = settings("it/none", "10s");
        settings.put("HOLDFAST_ELECTON", "x");
        assertEnds(0, settings, List.of("--check"), "HOLDFAST_ELECTON is no setting of the sidecar, and is ignored");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            settings.put("HOLDFAST_LISTEN", "127.0.0.1:" + taken.getLocalPort());
            assertEnds(69, settings, List.of(), "HOLDFAST_LISTEN: 127.0.0.1:" + taken.getLocalPort() + " cannot be");
        }
    }

    private static void assertEnds(int code, Map<String, String> settings, List<String> arguments, String words)
            throws Exception {
        try (NodeProcess process =
                new NodeProcess("ends-" + code, SidecarProcess.command(settings, arguments), directory)) {
            process.start();
            assertEquals(code, process.awaitExit(BOUND), process.log());
            assertTrue(process.log().contains(words), process.log());
            assertFalse(process.log().contains("\tat "), process.log());
        }
    }
}
