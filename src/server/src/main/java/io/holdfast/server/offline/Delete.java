package io.holdfast.server.offline;

import io.holdfast.server.store.Place;
import io.holdfast.server.store.Places;
import io.holdfast.zab.log.BackupFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code delete}: deletes a backup from where it is kept, and nothing that is no backup. */
final class Delete {

    private static final String FROM = "--from";

    private final PrintStream out;
    private final Report report;

    Delete(PrintStream out, Report report) {
        this.out = out;
        this.report = report;
    }

    void run(List<String> words) throws CommandException, IOException {
        Arguments given = new Arguments("delete", words, Kept.options(FROM, Report.OPTION));
        given.noFile();
        try (Place place = Kept.place(given, given.required(FROM, "the place of a backup"))) {
            if (!Places.isObject(place.location()) && Files.isDirectory(Path.of(place.location()))) {
                throw given.bad("cannot delete " + place.location() + ", which is a directory");
            }
            byte[] head = place.head(BackupFile.HEAD_BYTES);
            if (head != null) {
                BackupFile.requireHead(head, place.location());
                place.delete();
            }
            boolean deleted = head != null;
            out.println(deleted ? "Deleted " + place.location() + "." : "There is no " + place.location() + ".");
            report.done(
                    Report.outcome("deleted").put("location", place.location()).put("deleted", deleted));
        }
    }
}
