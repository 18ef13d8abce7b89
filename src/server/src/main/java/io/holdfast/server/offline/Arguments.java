package io.holdfast.server.offline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The words after a command: options that have a value, flags that have none, and at most one file. */
final class Arguments {

    private final String command;
    private final Map<String, String> options = new TreeMap<>();
    private final Set<String> flags = new TreeSet<>();
    private @Nullable String file;

    /**
     * Reads them.
     *
     * @param known names of options, with their dashes
     */
    Arguments(String command, List<String> words, Set<String> known) throws CommandException {
        this(command, words, known, Set.of());
    }

    /**
     * Reads them.
     *
     * @param known names of options, with their dashes
     * @param knownFlags names of options without a value, with their dashes
     */
    Arguments(String command, List<String> words, Set<String> known, Set<String> knownFlags) throws CommandException {
        this.command = command;
        List<String> left = new ArrayList<>(words);
        while (!left.isEmpty()) {
            String word = left.remove(0);
            if (!word.startsWith("--")) {
                if (file != null) {
                    throw bad("takes one file, not " + file + " and " + word);
                }
                file = word;
            } else if (knownFlags.contains(word)) {
                flags.add(word);
            } else if (!known.contains(word)) {
                Set<String> all = new TreeSet<>(known);
                all.addAll(knownFlags);
                throw bad("does not know " + word + "; it takes " + String.join(", ", all));
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

    /** Returns the file, or the value of an option that is given in its place. */
    String fileOr(String option, String what) throws CommandException {
        String given = options.get(option);
        if (given == null) {
            return file(what + ", or " + option);
        }
        if (file != null) {
            throw bad("takes " + option + " or a file, not both: " + given + " and " + file);
        }
        return given;
    }

    void noFile() throws CommandException {
        if (file != null) {
            throw bad("does not take " + file);
        }
    }

    boolean has(String flag) {
        return flags.contains(flag);
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
