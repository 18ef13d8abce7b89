package io.holdfast.server.replica;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;

/** Looks at the data directory now and then: asking a file system may take long, so callers get what was seen last. */
public final class DiskWatch {

    /** What a log needs to go on besides a snapshot: its next segments. */
    private static final long ROOM = 128L << 20;

    private final Path directory;
    private volatile Reading last = Reading.NONE;

    DiskWatch(Path directory) {
        this.directory = directory;
    }

    /**
     * What was seen.
     *
     * @param freeBytes that this process may still write; -1 when not known
     * @param logBytes of all segments
     * @param snapshotBytes of the newest snapshot; 0 when there is none
     * @param snapshotAtMillis when the newest snapshot was made, as people call the time; 0 when there is none
     */
    public record Reading(long freeBytes, long logBytes, long snapshotBytes, long snapshotAtMillis) {

        static final Reading NONE = new Reading(-1, 0, 0, 0);

        /** Returns whether the next snapshot, or the log beside it, may not find room. */
        boolean isLow() {
            return freeBytes >= 0 && freeBytes < needed();
        }

        long needed() {
            return ROOM + 2 * snapshotBytes;
        }
    }

    /** Returns what was seen last; any thread. */
    Reading last() {
        return last;
    }

    /** Looks again; blocks. */
    void look() {
        long logBytes = 0;
        long snapshotBytes = 0;
        long snapshotAt = 0;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = String.valueOf(file.getFileName());
                BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
                if (name.startsWith("log-")) {
                    logBytes += found.size();
                } else if (name.startsWith("snapshot-")
                        && found.lastModifiedTime().toMillis() > snapshotAt) {
                    snapshotAt = found.lastModifiedTime().toMillis();
                    snapshotBytes = found.size();
                }
            }
            long free = Files.getFileStore(directory).getUsableSpace();
            last = new Reading(free, logBytes, snapshotBytes, snapshotAt);
        } catch (IOException changing) {
            // A file went while it was looked at; the next look sees what is there then.
        }
    }
}
