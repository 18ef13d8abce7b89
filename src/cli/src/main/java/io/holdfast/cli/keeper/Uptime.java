package io.holdfast.cli.keeper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The clock that guard and keeper share, in hundredths of a second since some moment. Any thread. */
@FunctionalInterface
interface Uptime {

    /** Reads it; rounded down. */
    long hundredths();

    /** The time since the start of the machine, suspended time included: the same for all its processes. */
    static Uptime ofMachine() {
        return of(Path.of("/proc/uptime"));
    }

    /** One that is read from a file in the form of {@code /proc/uptime}. */
    static Uptime of(Path file) {
        return () -> {
            try {
                String text = new String(Files.readAllBytes(file), StandardCharsets.US_ASCII);
                int end = text.indexOf(' ');
                String seconds = end < 0 ? text.strip() : text.substring(0, end);
                return Long.parseLong(seconds.replace(".", ""));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    /** One of this process alone, where there is no other. */
    static Uptime ofProcess() {
        return () -> System.nanoTime() / 10_000_000;
    }
}
