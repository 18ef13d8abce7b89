package io.holdfast.overlap.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a worker is told on its command line.
 *
 * @param number of the contender that it belongs to
 * @param lock that it competes for
 * @param ttlMillis of its lease
 * @param endpoints where it finds the ensemble, or its sidecar
 * @param turns file that all workers of the lock append to
 * @param signals directory of the files by which it is told to do something, see {@link Signals}
 * @param database JDBC URL for guarded writes; empty for none
 * @param driver process without which the worker ends
 */
public record WorkerSettings(
        int number,
        String lock,
        long ttlMillis,
        List<String> endpoints,
        Path turns,
        Path signals,
        String database,
        long driver) {

    /** The command line. */
    public String[] arguments() {
        return new String[] {
            "number=" + number,
            "lock=" + lock,
            "ttlMillis=" + ttlMillis,
            "endpoints=" + String.join(",", endpoints),
            "turns=" + turns,
            "signals=" + signals,
            "database=" + database,
            "driver=" + driver
        };
    }

    /** Reads a command line; the worker ends with its driver from now on. */
    static WorkerSettings read(String... arguments) {
        Map<String, String> values = new TreeMap<>();
        for (var argument : arguments) {
            var at = argument.indexOf('=');
            values.put(argument.substring(0, at), argument.substring(at + 1));
        }
        var settings = new WorkerSettings(
                Integer.parseInt(values.get("number")),
                values.get("lock"),
                Long.parseLong(values.get("ttlMillis")),
                List.of(values.get("endpoints").split(",")),
                Path.of(values.get("turns")),
                Path.of(values.get("signals")),
                values.get("database"),
                Long.parseLong(values.get("driver")));
        settings.endWithDriver();
        return settings;
    }

    private void endWithDriver() {
        ProcessHandle.of(driver)
                .ifPresentOrElse(
                        process -> process.onExit()
                                .thenRun(() -> Runtime.getRuntime().halt(1)),
                        () -> Runtime.getRuntime().halt(1));
    }

    /** How the driver talks to this worker. */
    Signals signalFiles() {
        try {
            return new Signals(Files.createDirectories(signals), number);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
