package io.holdfast.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** How often a second the disk makes a small write durable, on a file that has been written before. */
final class DiskProbe {

    private static final int FILE_BYTES = 16 << 20;
    private static final int WRITE_BYTES = 512;
    private static final Duration TIME = Duration.ofMillis(500);

    private final Path file;

    /** Pre-writes the file, so that a sync has no metadata to write. */
    DiskProbe(Path directory) throws IOException {
        file = Files.createDirectories(directory).resolve("probe");
        Files.write(file, new byte[FILE_BYTES]);
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Writes and syncs for half a second; returns syncs per second. */
    long syncsPerSecond() throws IOException {
        var block = ByteBuffer.allocateDirect(WRITE_BYTES);
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            var start = System.nanoTime();
            var syncs = 0L;
            long nanos;
            do {
                channel.write(block.clear(), syncs * WRITE_BYTES % FILE_BYTES);
                channel.force(false);
                syncs++;
                nanos = System.nanoTime() - start;
            } while (nanos < TIME.toNanos());
            return syncs * 1_000_000_000L / nanos;
        }
    }
}
