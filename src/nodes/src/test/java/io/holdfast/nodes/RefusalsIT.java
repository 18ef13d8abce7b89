package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.ensemble.Blueprint;
import io.holdfast.ensemble.Ensemble;
import io.holdfast.ensemble.Eventually;
import io.holdfast.ensemble.NodeProcess;
import io.holdfast.server.replica.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a node does not go on with: it ends with a code of its own and a message that says what to do. */
class RefusalsIT {

    private static final Duration BOUND = Duration.ofMinutes(3);
    private static final Path TARGET = Path.of("target");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a node on a small disk may write until it is full: more than its log grows by. */
    private static final int ROOM_BYTES = 1 << 20;

    /** As {@code GET /v1/cluster} shows it. */
    private static final String ALARM = "other-generation";

    @RegisterExtension
    final Nodes one = Nodes.patient(1);

    @RegisterExtension
    final Nodes three = Nodes.patient(3);

    @Test
    void aSecondProcessOnTheSameDirectoryIsRefusedAndTheFirstGoesOn() throws Exception {
        var ensemble = one.ensemble();
        ensemble.start();
        var other = new Ensemble(Blueprint.of(
                Path.of("../server/target/holdfast-server.jar").toAbsolutePath(),
                ensemble.dataDirectory(1).resolveSibling("other"),
                1));
        refused(
                other.command(1, ensemble.dataDirectory(1)),
                ExitCode.DIRECTORY_REFUSED,
                "is in use by another process");
        new Client(ensemble, 1).openSession();
    }

    @Test
    void theDirectoryOfAnotherNodeIsRefused() throws Exception {
        var ensemble = one.ensemble();
        ensemble.start();
        ensemble.node(1).stop();
        var two = ensemble.list(List.of(1)) + ",2@127.0.0.1:1";
        var command = with(ensemble.command(1, ensemble.dataDirectory(1)), "-Dholdfast.members=" + two);
        refused(with(command, "-Dholdfast.node-id=2"), ExitCode.DIRECTORY_REFUSED, "belongs to");
    }

    @Test
    void theDirectoryOfAnotherClusterIsRefusedAndThatOfAnotherGenerationServesNoClient() throws Exception {
        var ensemble = one.ensemble();
        ensemble.start();
        var generation =
                JSON.readTree(ensemble.get(1, "/v1/cluster")).path("generation").asLong();
        ensemble.node(1).stop();
        var command = ensemble.command(1, ensemble.dataDirectory(1));
        refused(with(command, "-Dholdfast.cluster-id=another"), ExitCode.DIRECTORY_REFUSED, "belongs to");

        var another = "-Dholdfast.generation=" + (generation - 1);
        var empty = ensemble.dataDirectory(1).resolveSibling("empty");
        refused(with(ensemble.command(1, empty), another), ExitCode.BAD_CONFIGURATION, "founds none");
        try (var node = new NodeProcess("stray", with(command, another), Files.createTempDirectory(TARGET, "stray"))) {
            node.start();
            Eventually.await("it says why it does not serve", BOUND, () -> says(ensemble, "/v1/cluster", ALARM));
            var reply = new Client(ensemble, 1).ask("POST", "/v1/sessions", "{}");
            assertEquals(503, reply.status());
            assertEquals("not-a-member", Members.problem(reply));
            assertTrue(reply.text("detail").contains("generation " + generation), reply::toString);
            assertFalse(says(ensemble, "/q/health/ready", "in-step-with-leader"));
            assertTrue(says(ensemble, "/q/health/live", "UP"));
        }
    }

    /** Whether an answer with 200 has that text. */
    private static boolean says(Ensemble ensemble, String path, String text) {
        return ensemble.get(1, path).contains(text);
    }

    @Test
    void aPortThatIsTakenIsRefused() throws Exception {
        var ensemble = one.ensemble();
        ensemble.start();
        var data = ensemble.dataDirectory(1).resolveSibling("other");
        // Which of two ports is told of depends on which is tried first.
        refused(with(ensemble.command(1, data), "-Dquarkus.http.port=0"), ExitCode.PORT_UNAVAILABLE, "the peer port ");
        new Client(ensemble, 1).openSession();
    }

    @Test
    void aSettingThatIsWrongIsRefused() throws Exception {
        var ensemble = one.ensemble();
        var command = with(ensemble.command(1, ensemble.dataDirectory(1)), "-Dholdfast.node-id=7");
        refused(command, ExitCode.BAD_CONFIGURATION, "holdfast.node-id");
    }

    @Test
    void aNodeThatIsToldOfNoEnsembleFoundsNone() throws Exception {
        var ensemble = one.ensemble();
        var command = new ArrayList<>(ensemble.command(1, ensemble.dataDirectory(1)));
        command.removeIf(word -> word.startsWith("-Dholdfast.members="));
        refused(command, ExitCode.BAD_CONFIGURATION, "set holdfast.members to");
    }

    @Test
    void aMisspeltVariableAndAnInvisibleCharacterAreRefused() throws Exception {
        var ensemble = one.ensemble();
        var command = ensemble.command(1, ensemble.dataDirectory(1));
        refused(before(command, "env", "HOLDFAST_MEMBER=1@a:7101"), ExitCode.BAD_CONFIGURATION, "HOLDFAST_MEMBERS?");
        var windows = ensemble.command(1, Path.of(ensemble.dataDirectory(1) + "\r"));
        refused(windows, ExitCode.BAD_CONFIGURATION, "holdfast.data-dir: the value has the control character U+000D");
    }

    @Test
    void aDirectoryOfAnotherUserIsRefusedWithItsOwner() throws Exception {
        assumeTrue(run("setpriv", "--version"), "setpriv takes the rights of root from a process");
        var ensemble = one.ensemble();
        ensemble.start();
        ensemble.node(1).stop();
        var data = ensemble.dataDirectory(1);
        assertTrue(run("chown", "-R", "daemon", data.toString()) && run("chmod", "-R", "go-rwx", data.toString()));
        var command = before(
                ensemble.command(1, data),
                "setpriv",
                "--inh-caps=-all",
                "--bounding-set=-dac_override,-dac_read_search",
                "--");
        refused(command, ExitCode.DIRECTORY_NOT_ACCESSIBLE, "belongs to user daemon and has mode rwx------");
    }

    @Test
    void aDamagedRecordInTheMiddleOfTheLogIsNeverCutAway() throws Exception {
        var ensemble = one.ensemble();
        ensemble.start();
        var client = new Client(ensemble, 1);
        var session = client.openSession();
        for (var i = 0; i < 50; i++) {
            Client.granted(client.take("grant-" + i, session, "lock-number-" + i, "0s"));
        }
        ensemble.node(1).kill();
        damage(ensemble.dataDirectory(1), "lock-number-25");
        refused(ensemble.command(1, ensemble.dataDirectory(1)), ExitCode.LOG_CORRUPT, "is damaged at offset");
    }

    @Test
    void aNodeWhoseDiskIsFullStopsAndTheOthersGoOn() throws Exception {
        var ensemble = three.ensemble();
        var disk = Files.createDirectories(ensemble.dataDirectory(3));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString()),
                "only root may mount the small disk that this test fills");
        try {
            ensemble.start();
            // What is left is full soon.
            var room = Files.getFileStore(disk).getUsableSpace();
            Files.write(disk.resolve("ballast"), new byte[(int) room - ROOM_BYTES]);
            var tenant = new Tenant(ensemble, 1);
            tenant.awaitRefused(3);
            var client = new Client(ensemble, 1);
            var session = client.openSession();
            var body = "{\"session\":\"%s\",\"lock\":\"filling/%d\",\"metadata\":{\"text\":\"" + "x".repeat(4_000)
                    + "\"}}";
            for (var i = 0; i < 4_000 && ensemble.node(3).isAlive(); i++) {
                Client.granted(client.insist("PUT", "/v1/grants/fills-" + i, body.formatted(session, i)));
                Client.expect(204, client.release("fills-" + i));
                rulesHoldWhileTheDiskIsFull(tenant, i);
            }
            assertEquals(ExitCode.NODE_FAILED.code(), ensemble.node(3).awaitExit(BOUND));
            says(ensemble.node(3), ExitCode.NODE_FAILED, "The disk is full");
            Client.granted(client.take("still", session, "served", "0s"));
            tenant.awaitRefused(1);
            tenant.awaitRefused(2);
        } finally {
            ensemble.close();
            run("umount", disk.toString());
        }
    }

    /** A node without room to write still judges, for as long as it answers. */
    private static void rulesHoldWhileTheDiskIsFull(Tenant tenant, int round) {
        if (round % 20 == 0) {
            tenant.isRefused(3);
        }
    }

    private static List<String> with(List<String> command, String option) {
        var changed = new ArrayList<>(command);
        // The last of several counts, and "-jar" and its file are the end.
        changed.add(command.size() - 2, option);
        return changed;
    }

    private static List<String> before(List<String> command, String... words) {
        var changed = new ArrayList<>(List.of(words));
        changed.addAll(command);
        return changed;
    }

    private static void refused(List<String> command, ExitCode code, String message) throws Exception {
        try (var node = new NodeProcess("refused", command, Files.createTempDirectory(TARGET, "refused"))) {
            node.start();
            assertEquals(code.code(), node.awaitExit(BOUND), () -> saidBy(node));
            says(node, code, message);
        }
    }

    /** One sentence for people: that and why it stops, with which code, and what to do next. */
    private static void says(NodeProcess node, ExitCode code, String why) {
        var log = saidBy(node);
        var last = log.lines()
                .filter(line -> line.contains("Holdfast stops (exit code " + code.code() + "): "))
                .findFirst();
        assertTrue(last.isPresent(), log);
        assertTrue(last.get().contains(why), log);
        assertTrue(last.get().contains(code.advice()), log);
    }

    private static String saidBy(NodeProcess node) {
        try {
            return node.log();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Turns over one bit of the record that has this text. */
    private static void damage(Path directory, String text) throws IOException {
        try (var files = Files.list(directory)) {
            for (var file : files.filter(each -> each.getFileName().toString().startsWith("log-"))
                    .toList()) {
                var bytes = Files.readAllBytes(file);
                var at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
                if (at >= 0) {
                    bytes[at] ^= 1;
                    Files.write(file, bytes);
                    return;
                }
            }
        }
        throw new IOException("no log file has " + text);
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
