package io.holdfast.operator.paper.kubelet;

import io.holdfast.ensemble.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * The JVM's archive of the server's classes: dozens of pods are started, and each starts in half of the time with it.
 * Made once for each build of the server.
 */
final class ClassArchive {

    private static final Duration BOUND = Duration.ofMinutes(3);
    private static final String CYCLES = "50";

    private ClassArchive() {}

    /**
     * Makes it unless it is there.
     *
     * @param options of the JVMs that are to use it
     * @param directory that outlives this test
     */
    static Path of(Path serverJar, List<String> options, Path directory) throws IOException, TimeoutException {
        var version = Files.size(serverJar) + "-"
                + Files.getLastModifiedTime(serverJar).toMillis() + "-" + Integer.toHexString(options.hashCode());
        var archive = Files.createDirectories(directory).toAbsolutePath().resolve("server-" + version + ".jsa");
        if (!Files.exists(archive)) {
            var made = Files.createTempDirectory(archive.getParent(), "making").resolve("server.jsa");
            var command = new ArrayList<String>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(options);
            command.addAll(List.of("-Xlog:disable", "-XX:ArchiveClassesAtExit=" + made));
            command.addAll(List.of("-jar", serverJar.toString(), "rehearse", CYCLES));
            try (var run = new NodeProcess("training-run", command, directory)) {
                run.start();
                if (run.awaitExit(BOUND) != 0) {
                    throw new IOException("the training run failed: " + run.log());
                }
            }
            Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(made.getParent());
        }
        return archive;
    }
}
