package io.holdfast.cli.keeper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The file that tells the command how long its lease lasts: {@code deadline=} in hundredths of a second of
 * {@code /proc/uptime}, and {@code token=}. It is replaced as a whole. Used by one thread.
 */
final class LeaseFile {

    private final Path file;

    LeaseFile(Path file) {
        this.file = file;
    }

    /** Replaces it. */
    void write(long deadline, long token) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.write(next, ("deadline=" + deadline + "\ntoken=" + token + "\n").getBytes(StandardCharsets.US_ASCII));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
