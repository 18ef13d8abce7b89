package io.holdfast.ensemble;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * The JVM's archive of the server's classes: with it a node starts in half of the time, and tests start hundreds. Made
 * once for each build of the server, beside its jar, by a training run; a JVM that cannot use it does without.
 */
public final class ClassArchive {

    private static final Duration BOUND = Duration.ofMinutes(3);
    private static final String CYCLES = "50";

    /** What a JVM that does not fit says of the archive is no part of a node's log. */
    private static final List<String> QUIETLY = List.of("-Xlog:cds=off", "-Xlog:cds+dynamic=off");

    private ClassArchive() {}

    /**
     * The options of a JVM with the archive, which is made unless it is there: by one process, while others wait.
     *
     * @param serverJar as the command that starts a node names it
     */
    public static synchronized List<String> options(Path serverJar) throws IOException {
        var directory = Files.createDirectories(serverJar.resolveSibling("archives"));
        var version = Files.size(serverJar) + "-"
                + Files.getLastModifiedTime(serverJar).toMillis() + "-"
                + Runtime.version().feature();
        var archive = directory.resolve("server-" + version + ".jsa");
        try (var lock =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock.lock();
            if (!Files.exists(archive)) {
                make(serverJar, directory, archive);
            }
        }
        var options = new ArrayList<>(QUIETLY);
        options.add("-XX:SharedArchiveFile=" + archive);
        return options;
    }

    private static void make(Path serverJar, Path directory, Path archive) throws IOException {
        var made = directory.resolve("making.jsa");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Blueprint.SMALL_JVM);
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xlog:disable", "-XX:ArchiveClassesAtExit=" + made));
        command.addAll(List.of("-jar", serverJar.toString(), "rehearse", CYCLES));
        try (var run = new NodeProcess("training-run", command, directory)) {
            run.start();
            if (run.awaitExit(BOUND) != 0) {
                throw new IOException("the training run failed: " + run.log());
            }
        } catch (TimeoutException e) {
            throw new IOException(e);
        }
        Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
    }
}
