package io.holdfast.nodes;

import io.holdfast.ensemble.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;

/** The commands on files that the operations page shows, to be run as the script of the same name runs them. */
final class OperationsPage {

    private static final Path PAGE = Path.of("../../docs/operations.md");
    private static final Path SERVER_JAR = Path.of("../server/target/holdfast-server.jar");
    private static final String SCRIPT = "./holdfast ";
    private static final Duration BOUND = Duration.ofMinutes(3);

    private final Path directory;
    private final Map<String, String> meanings = new TreeMap<>();
    private int runs;

    /**
     * Reads the page.
     *
     * @param directory where its files and directories are
     */
    OperationsPage(Path directory) {
        this.directory = directory.toAbsolutePath();
    }

    /** Has a word of the page stand for another: its example ports, addresses and codes are not those of a test. */
    OperationsPage means(String word, Object meaning) {
        meanings.put(word, meaning.toString());
        return this;
    }

    /** The commands of the page that begin so, in its order. */
    static List<String> commands(String beginning) throws IOException {
        List<String> commands = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("```")) {
                inside = line.equals("```sh");
            } else if (inside && line.startsWith(SCRIPT + beginning)) {
                commands.add(line);
            }
        }
        return commands;
    }

    /** Runs a command of the page, which must end with that code, and returns what it said. */
    String run(String command, int code) throws IOException, TimeoutException {
        List<String> words = new ArrayList<>();
        words.add("env");
        words.add("-C");
        words.add(directory.toString());
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.add("-XX:TieredStopAtLevel=1");
        words.add("-jar");
        words.add(SERVER_JAR.toAbsolutePath().toString());
        Arrays.stream(command.substring(SCRIPT.length()).split(" "))
                .map(word -> meanings.getOrDefault(word, word))
                .forEach(words::add);
        try (NodeProcess process = new NodeProcess("command-" + ++runs, words, directory)) {
            process.start();
            int ended = process.awaitExit(BOUND);
            if (ended != code) {
                throw new AssertionError(words + " ended with " + ended + ", not " + code + "\n" + process.log());
            }
            return process.log();
        }
    }
}
