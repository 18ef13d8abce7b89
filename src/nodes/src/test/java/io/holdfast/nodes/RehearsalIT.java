package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.NodeProcess;
import io.holdfast.server.replica.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The training run of a node, which {@code up} and the images make archives of classes with. */
class RehearsalIT {

    private static final Duration BOUND = Duration.ofMinutes(5);

    @TempDir
    private Path directory;

    @Test
    void aNodeOfItsOwnServesEndsAndLeavesNothing() throws Exception {
        try (var process = rehearse("20")) {
            assertEquals(ExitCode.DONE.code(), process.awaitExit(BOUND));
            assertTrue(process.log().contains("in BROADCAST"), process.log());
        }
        try (var left = Files.list(directory.resolve("tmp"))) {
            assertTrue(left.noneMatch(file -> file.getFileName().toString().startsWith("holdfast")));
        }
    }

    @Test
    void whatIsNoNumberIsRefused() throws Exception {
        try (var process = rehearse("many")) {
            assertEquals(ExitCode.BAD_CONFIGURATION.code(), process.awaitExit(BOUND));
            assertTrue(process.log().contains("rehearse wants one number, 0 to 1000000"), process.log());
        }
    }

    private NodeProcess rehearse(String cycles) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.add("-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve("tmp")));
        command.add("-jar");
        command.add(
                Path.of("../server/target/holdfast-server.jar").toAbsolutePath().toString());
        command.addAll(List.of("rehearse", cycles));
        var process = new NodeProcess("rehearsal", command, directory);
        process.start();
        return process;
    }
}
