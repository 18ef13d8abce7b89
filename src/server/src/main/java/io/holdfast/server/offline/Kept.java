package io.holdfast.server.offline;

import io.holdfast.server.store.Place;
import io.holdfast.server.store.Places;
import io.holdfast.server.store.S3Settings;
import io.holdfast.zab.log.BackupFile;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A backup that was fetched from where it is kept, verified to its end; what was copied for that goes with it. */
final class Kept implements Closeable {

    static final String SCRATCH = "--scratch";

    private static final String ENDPOINT = "--s3-endpoint";
    private static final String REGION = "--s3-region";
    private static final String PATH_STYLE = "--s3-path-style";
    private static final Set<String> OPTIONS = Set.of(SCRATCH, ENDPOINT, REGION, PATH_STYLE);

    private final @Nullable Path copy;
    private final Path file;
    private final BackupFile backup;

    private Kept(@Nullable Path copy, Path file, BackupFile backup) {
        this.copy = copy;
        this.file = file;
        this.backup = backup;
    }

    /** Returns a command's options with those of places. */
    static Set<String> options(String... own) {
        Set<String> all = new TreeSet<>(OPTIONS);
        all.addAll(Set.of(own));
        return all;
    }

    /** Opens a place by the options of a command. */
    static Place place(Arguments given, String text) throws CommandException {
        return place(given, text, System.getenv());
    }

    /** As {@link #place(Arguments, String)}; what an environment says of stores does not matter to a file. */
    static Place place(Arguments given, String text, Map<String, String> environment) throws CommandException {
        try {
            return Places.open(
                    text,
                    S3Settings.of(
                            given.option(ENDPOINT),
                            given.option(REGION),
                            given.option(PATH_STYLE),
                            Places.isObject(text) ? environment : Map.of()));
        } catch (IllegalArgumentException e) {
            throw given.bad("cannot use " + text + ": " + e.getMessage());
        }
    }

    /** Makes an empty file for what is copied. */
    static Path scratch(Arguments given) throws CommandException, IOException {
        String directory = given.option(SCRATCH);
        try {
            return directory == null
                    ? Files.createTempFile("holdfast-", ".backup")
                    : Files.createTempFile(Path.of(directory), "holdfast-", ".backup");
        } catch (IOException | InvalidPathException e) {
            throw CommandException.failed("No file can be made in "
                    + (directory == null ? System.getProperty("java.io.tmpdir") : directory) + " (" + e.getMessage()
                    + "): give " + SCRATCH + " a directory that can be written, with room for the backup");
        }
    }

    /** Fetches what is kept at a place; a file is read where it is. */
    static Kept at(Arguments given, String text) throws CommandException, IOException {
        if (!Places.isObject(text)) {
            try (Place place = place(given, text)) {
                return new Kept(null, Path.of(place.location()), BackupFile.open(place.location()));
            }
        }
        try (Place place = place(given, text)) {
            Kept found = of(given, place);
            if (found == null) {
                throw CommandException.failed("there is no object " + place.location());
            }
            return found;
        }
    }

    /** As {@link #at}; null when nothing is there. */
    static @Nullable Kept of(Arguments given, Place place) throws CommandException, IOException {
        Path copy = scratch(given);
        boolean kept = false;
        try {
            boolean found;
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(copy))) {
                found = place.copyTo(out);
            }
            if (!found) {
                return null;
            }
            Kept whole = new Kept(copy, copy, BackupFile.open(copy.toString()));
            kept = true;
            return whole;
        } finally {
            if (!kept) {
                Files.deleteIfExists(copy);
            }
        }
    }

    BackupFile backup() {
        return backup;
    }

    Path file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        backup.close();
        if (copy != null) {
            Files.deleteIfExists(copy);
        }
    }
}
