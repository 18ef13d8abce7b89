package io.holdfast.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What to measure, and for how long.
 *
 * @param server the packaged server, {@code holdfast-server.jar}
 * @param work where the nodes keep their data while they are measured
 * @param systems what is measured, of {@link #SYSTEMS}
 * @param clients numbers of clients, one run for each
 * @param warmUp of each load, once for each system: what runs on a JVM is compiled while it is hot
 * @param time of each run
 * @param trials leaders killed
 * @param measures what is done with Holdfast, of {@link #MEASURES}; the peers do locks only
 * @param settings of Holdfast's nodes, {@code key=value}
 */
record Options(
        Path server,
        Path work,
        List<String> systems,
        List<Integer> clients,
        Duration warmUp,
        Duration time,
        int trials,
        List<String> measures,
        List<String> settings) {

    static final List<String> SYSTEMS = List.of("holdfast", "zookeeper", "etcd");
    static final List<String> MEASURES = List.of(
            "locks", "streams", "listings", "changes", "client", "observers", "joining", "snapshots", "security");

    static final String USAGE = """
            usage: bench [--quick] [--systems holdfast,zookeeper,etcd] [--clients 1,16,64,256] [--seconds N]
                         [--warm-up N] [--trials N] [--measure LIST] [--set KEY=VALUE,...] [--server JAR]
                         [--work DIR]

              --quick        3 s a run after 10 s of warm-up, and 3 leaders killed, instead of 10 s, 30 s and 10
              --systems LIST what to measure, one after the other: holdfast unless said otherwise
              --clients LIST one run for each number of clients
              --measure LIST locks (cycles, hand-offs, killed leaders) unless said otherwise; of Holdfast alone also
                             streams (a change to 1000 readers), listings (100 000 locks), changes (what clients
                             notice of hand-overs and changes of members), client (threads with the Java client
                             against the same requests without it), observers (writes and reads beside 0, 4
                             and 16), joining (an observer behind 1 000 000 locks) and snapshots (cycles beside
                             1 000 000 locks while nodes make snapshots, and the restart of a node); give each of
                             these two a run of its own. security compares ensembles with TLS and rules to one
                             without, in turns, and measures nothing else
              --set LIST     settings of Holdfast's nodes
              --server JAR   the packaged server
              --work DIR     where the nodes keep their data; on the disk that is to be measured
            """;

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static Options parse(String... arguments) {
        var quick = Arrays.asList(arguments).contains("--quick");
        var options = new Options(
                Path.of("src/server/target/holdfast-server.jar"),
                Path.of("target/bench"),
                List.of("holdfast"),
                List.of(1, 16, 64, 256),
                Duration.ofSeconds(quick ? 10 : 30),
                Duration.ofSeconds(quick ? 3 : 10),
                quick ? 3 : 10,
                List.of("locks"),
                List.of());
        for (var i = 0; i < arguments.length; i++) {
            var name = arguments[i];
            if (!name.equals("--quick")) {
                i++;
                if (i == arguments.length) {
                    throw new IllegalArgumentException(name + " wants a value, or is no option");
                }
                options = options.with(name, arguments[i]);
            }
        }
        return options;
    }

    private Options with(String name, String value) {
        return switch (name) {
            case "--server" ->
                new Options(Path.of(value), work, systems, clients, warmUp, time, trials, measures, settings);
            case "--systems" ->
                new Options(
                        server, work, some(SYSTEMS, name, value), clients, warmUp, time, trials, measures, settings);
            case "--work" ->
                new Options(server, Path.of(value), systems, clients, warmUp, time, trials, measures, settings);
            case "--clients" ->
                new Options(server, work, systems, numbers(value), warmUp, time, trials, measures, settings);
            case "--warm-up" ->
                new Options(server, work, systems, clients, seconds(value), time, trials, measures, settings);
            case "--seconds" ->
                new Options(server, work, systems, clients, warmUp, seconds(value), trials, measures, settings);
            case "--trials" ->
                new Options(server, work, systems, clients, warmUp, time, number(value), measures, settings);
            case "--measure" ->
                new Options(
                        server, work, systems, clients, warmUp, time, trials, some(MEASURES, name, value), settings);
            case "--set" ->
                new Options(server, work, systems, clients, warmUp, time, trials, measures, settings(value));
            default -> throw new IllegalArgumentException("there is no option " + name);
        };
    }

    private static List<String> settings(String value) {
        var wanted = List.of(value.split(",", -1));
        for (var setting : wanted) {
            if (!setting.matches("[^=]+=.*")) {
                throw new IllegalArgumentException("--set wants key=value, not '" + setting + "'");
            }
        }
        return wanted;
    }

    private static List<String> some(List<String> all, String name, String value) {
        var wanted = List.of(value.split(",", -1));
        if (!all.containsAll(wanted)) {
            throw new IllegalArgumentException(name + " is " + value + "; there are " + String.join(", ", all));
        }
        return wanted;
    }

    private static List<Integer> numbers(String value) {
        return Arrays.stream(value.split(",", -1)).map(Options::number).toList();
    }

    private static Duration seconds(String value) {
        return Duration.ofSeconds(number(value));
    }

    private static int number(String value) {
        if (!value.matches("[1-9]\\d{0,5}")) {
            throw new IllegalArgumentException("'" + value + "' is no positive number");
        }
        return Integer.parseInt(value);
    }
}
