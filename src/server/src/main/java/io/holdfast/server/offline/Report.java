package io.holdfast.server.offline;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.server.replica.ExitCode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a command for programs: one line of JSON on the standard output, and in a file if there is an option
 * for it. Sentences for people then go to the standard error.
 */
final class Report {

    static final String OPTION = "--report";

    /** With one of these a program asks. */
    private static final Set<String> ASKED_BY = Set.of(OPTION, "--to", "--from");

    /** So that the line fits into what a container may leave as its last message. */
    private static final int MESSAGE_CHARS_MAX = 1_500;

    private final @Nullable PrintStream out;
    private final PrintStream err;
    private final @Nullable String file;

    private Report(@Nullable PrintStream out, PrintStream err, @Nullable String file) {
        this.out = out;
        this.err = err;
        this.file = file;
    }

    /** Finds out from the words of a call, which may be wrong otherwise, whether and where a program wants it. */
    static Report of(List<String> words, PrintStream out, PrintStream err) {
        boolean asked = !words.get(0).equals("verify") && words.stream().anyMatch(ASKED_BY::contains);
        int at = words.indexOf(OPTION);
        String file = asked && at >= 0 && at + 1 < words.size() ? words.get(at + 1) : null;
        return new Report(asked ? out : null, err, file);
    }

    boolean isAsked() {
        return out != null;
    }

    /** Begins the line of a command that did what it was asked. */
    static ObjectNode outcome(String outcome) {
        return JsonNodeFactory.instance.objectNode().put("outcome", outcome);
    }

    /** Says what was done; when the file cannot have it, that is the outcome. */
    void done(ObjectNode line) throws CommandException {
        try {
            write(line);
            print(line);
        } catch (IOException | InvalidPathException e) {
            throw CommandException.failed("The command did what it was asked, and " + OPTION + " " + file
                    + " cannot be written (" + e.getMessage() + ")");
        }
    }

    /** Says why nothing was done. */
    void failed(ExitCode code, String message) {
        String cut = message.length() <= MESSAGE_CHARS_MAX ? message : message.substring(0, MESSAGE_CHARS_MAX) + "...";
        ObjectNode line = outcome("failed").put("exit", code.code()).put("message", cut);
        print(line);
        try {
            write(line);
        } catch (IOException | InvalidPathException e) {
            err.println("holdfast: " + OPTION + " " + file + " cannot be written: " + e.getMessage());
        }
    }

    private void print(ObjectNode line) {
        PrintStream asked = out;
        if (asked != null) {
            asked.println(line);
        }
    }

    private void write(ObjectNode line) throws IOException {
        if (file != null) {
            Files.writeString(Path.of(file), line + "\n");
        }
    }
}
