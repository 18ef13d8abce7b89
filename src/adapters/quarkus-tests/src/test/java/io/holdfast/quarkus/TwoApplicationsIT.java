package io.holdfast.quarkus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Blueprint;
import io.holdfast.ensemble.Ensemble;
import io.holdfast.ensemble.Eventually;
import io.holdfast.ensemble.NodeProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes of one application with Quarkus' scheduler, and one node. */
@Timeout(300)
class TwoApplicationsIT {

    private static final Path SERVER_JAR = Path.of("../../server/target/holdfast-server.jar");
    private static final Path APPLICATION_JAR = Path.of("target/quarkus-app/quarkus-run.jar");
    private static final Duration BOUND = Duration.ofSeconds(120);

    @TempDir
    private static Path directory;

    private static Path journal;
    private static Ensemble ensemble;

    @BeforeAll
    static void start() throws Exception {
        assertTrue(Files.isRegularFile(SERVER_JAR), "these tests run after mvn package, as mvn verify does");
        assertTrue(Files.isRegularFile(APPLICATION_JAR), "these tests run after mvn package, as mvn verify does");
        journal = directory.resolve("journal");
        Blueprint blueprint =
                Blueprint.of(SERVER_JAR.toAbsolutePath(), directory, 1).startedOften();
        ensemble = new Ensemble(blueprint);
        ensemble.start();
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    private static NodeProcess application(String name, Map<String, String> settings) throws IOException {
        Map<String, String> all = new TreeMap<>(Map.of(
                "journal.file",
                journal.toString(),
                "holdfast.client.endpoints",
                ensemble.uri(1).toString(),
                "holdfast.client.candidate",
                name,
                "holdfast.client.elections",
                "reports/leader"));
        all.putAll(settings);
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        all.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-jar", APPLICATION_JAR.toAbsolutePath().toString()));
        NodeProcess process = new NodeProcess(name, command, directory);
        process.start();
        return process;
    }

    private static List<String> lines(Predicate<String> of) {
        try {
            return Files.exists(journal)
                    ? Files.readAllLines(journal).stream().filter(of).toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long refreshed(String by) {
        return lines(line -> line.startsWith(by + " refresh ")).size();
    }

    @Test
    void aScheduledJobRunsOnceInTheWholeCluster() throws Exception {
        try (NodeProcess one = application("one", Map.of("holdfast.client.ttl", "6s"));
                NodeProcess two = application("two", Map.of("holdfast.client.ttl", "6s"))) {
            Eventually.await(
                    "both use what is injected",
                    BOUND,
                    () -> lines(line -> line.contains(" bill ")).size() == 2);
            Eventually.await(
                    "the leader refreshes",
                    BOUND,
                    () -> lines(line -> line.contains(" refresh ")).size() > 3);
            boolean first = refreshed("one") > 0;
            String leader = first ? "one" : "two";
            String follower = first ? "two" : "one";
            assertEquals(0, refreshed(follower), "only one of them leads");
            (first ? one : two).kill();
            Eventually.await("the other one goes on", BOUND, () -> refreshed(follower) > 1);
            List<String> all = lines(line -> line.contains(" refresh "));
            List<String> tokens =
                    all.stream().map(line -> line.split(" ")[2]).distinct().toList();
            assertEquals(2, tokens.size());
            assertTrue(Long.parseLong(tokens.get(1)) > Long.parseLong(tokens.get(0)));
            all.forEach(line -> assertEquals(
                    line.startsWith(leader) ? tokens.get(0) : tokens.get(1), line.split(" ")[2], all::toString));
            assertEquals(1, lines(line -> line.contains(" nightly ")).size(), "the lock stays closed for both");
            assertEquals(2, lines(line -> line.contains(" ship 7 ")).size());
            assertEquals(0, lines(line -> line.contains(" ship 8 ")).size(), "an event loop must not wait");
            assertEquals(
                    2,
                    lines(line -> line.contains(" refused @Locked Orders.ship waits for a lock, which the event loop"))
                            .size());
            assertEquals(
                    2,
                    lines(line -> line.endsWith(" bill 9 on the event loop true"))
                            .size());
            assertEquals(0, (first ? two : one).stop() % 143, "it ends in order");
        }
    }

    @Test
    void anApplicationWithWrongSettingsDoesNotStartAndNamesThem() throws Exception {
        try (NodeProcess wrong =
                application("wrong", Map.of("holdfast.client.ttl", "soon", "holdfast.client.x", "1"))) {
            assertNotEquals(0, wrong.awaitExit(BOUND));
            assertTrue(wrong.log().contains("holdfast.client.ttl: give a duration such as 500ms"), wrong.log());
            assertTrue(wrong.log().contains("holdfast.client.x is no setting"), wrong.log());
        }
    }
}
