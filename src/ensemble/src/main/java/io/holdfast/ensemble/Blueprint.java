package io.holdfast.ensemble;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an ensemble is to be made of.
 *
 * @param serverJar the packaged server, {@code holdfast-server.jar}
 * @param directory where each node gets a directory for its data, and its log
 * @param nodes how many, at least 1 with a vote
 * @param observers how many of them have no vote; those with the highest numbers
 * @param jvmOptions of each node
 * @param settings of each node, by key
 */
public record Blueprint(
        Path serverJar,
        Path directory,
        int nodes,
        int observers,
        List<String> jvmOptions,
        Map<String, String> settings) {

    /** JVM options that suit a node on a machine that it shares with others. */
    public static final List<String> SMALL_JVM =
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:MaxDirectMemorySize=128m");

    /** Copies what could change. */
    public Blueprint {
        jvmOptions = List.copyOf(jvmOptions);
        settings = Map.copyOf(settings);
        if (observers < 0 || nodes <= observers) {
            throw new IllegalArgumentException("an ensemble of " + nodes + " nodes, " + observers + " without a vote");
        }
    }

    /** So many nodes with the server's defaults. */
    public static Blueprint of(Path serverJar, Path directory, int nodes) {
        return new Blueprint(serverJar.toAbsolutePath().normalize(), directory, nodes, 0, SMALL_JVM, Map.of());
    }

    /**
     * The same on JVMs that do not spend on code that runs for minutes, and with an archive of their classes: for nodes
     * that are started often.
     */
    public Blueprint startedOften() throws IOException {
        var options = new ArrayList<>(jvmOptions);
        options.addAll(ClassArchive.options(serverJar));
        options.add("-XX:TieredStopAtLevel=1");
        return new Blueprint(serverJar, directory, nodes, observers, options, settings);
    }

    /** The same with one setting more. */
    public Blueprint with(String key, String value) {
        var more = new TreeMap<>(settings);
        more.put(key, value);
        return new Blueprint(serverJar, directory, nodes, observers, jvmOptions, more);
    }

    /** The same on JVMs with these options. */
    public Blueprint on(List<String> options) {
        return new Blueprint(serverJar, directory, nodes, observers, options, settings);
    }

    /** The same, with so many of the nodes without a vote. */
    public Blueprint withObservers(int count) {
        return new Blueprint(serverJar, directory, nodes, count, jvmOptions, settings);
    }
}
