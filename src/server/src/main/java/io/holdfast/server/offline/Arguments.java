package io.holdfast.server.offline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The words after a command: options that have a value, and at most one file. */
final class Arguments {

    private final String command;
    private final Map<String, String> options = new TreeMap<>();
    private @Nullable String file;

    /**
     * Reads them.
     *
     * @param known names of options, with their dashes
     */
    Arguments(String command, List<String> words, Set<String> known) throws CommandException {
        this.command = command;
        List<String> left = new ArrayList<>(words);
        while (!left.isEmpty()) {
            String word = left.remove(0);
            if (!word.startsWith("--")) {
                if (file != null) {
                    throw bad("takes one file, not " + file + " and " + word);
                }
                file = word;
            } else if (!known.contains(word)) {
                throw bad("does not know " + word + "; it takes " + String.join(", ", known));
            } else if (left.isEmpty()) {
                throw bad("wants a value after " + word);
            } else if (options.put(word, left.remove(0)) != null) {
                throw bad("has " + word + " twice");
            }
        }
    }

    String file(String what) throws CommandException {
        if (file == null) {
            throw bad("wants " + what);
        }
        return file;
    }

    void noFile() throws CommandException {
        if (file != null) {
            throw bad("does not take " + file);
        }
    }

    @Nullable
    String option(String name) {
        return options.get(name);
    }

    String required(String name, String what) throws CommandException {
        String value = options.get(name);
        if (value == null) {
            throw bad("wants " + name + " with " + what);
        }
        return value;
    }

    CommandException bad(String what) {
        return CommandException.usage(command + " " + what + ". See ./holdfast help.");
    }
}
