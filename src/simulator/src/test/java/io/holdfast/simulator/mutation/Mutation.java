package io.holdfast.simulator.mutation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A wrong behaviour, as a patch of the sources that production is built from. Nothing of it is ever in production's
 * bytecode: {@link Mutant} compiles the patched classes and loads them beside the right ones.
 *
 * <p>A file in {@code src/test/resources/mutations} begins with a sentence that says what is wrong, then has edits:
 * {@code in zab.core.broadcast.FollowerBroadcast}, the old text between {@code <<<<} and {@code ====}, the new one up
 * to {@code >>>>}. White space does not matter; the old text must be there exactly once.
 */
record Mutation(String id, String what, List<Edit> edits) {

    static final Path DIRECTORY = Path.of("src", "test", "resources", "mutations");

    /** One replacement in one class. */
    record Edit(String type, String before, String after) {}

    private static final Pattern EDIT =
            Pattern.compile("^in (\\S+)\\n<<<<\\n(.*?)^====\\n(.*?)^>>>>$", Pattern.MULTILINE | Pattern.DOTALL);

    @Override
    public String toString() {
        return id + ": " + what;
    }

    static Mutation read(String id) throws IOException {
        String text = Files.readString(DIRECTORY.resolve(id + ".txt"));
        List<Edit> edits = new ArrayList<>();
        Matcher matcher = EDIT.matcher(text);
        while (matcher.find()) {
            edits.add(new Edit(matcher.group(1), matcher.group(2), matcher.group(3)));
        }
        if (edits.isEmpty()) {
            throw new IllegalStateException("mutation " + id + " changes nothing");
        }
        return new Mutation(id, text.substring(0, text.indexOf('\n')), edits);
    }

    static List<String> ids() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("m\\d{2,3}[a-z]?\\.txt"))
                    .map(name -> name.replace(".txt", ""))
                    .sorted()
                    .toList();
        }
    }

    /** Returns the sources of the classes that this mutation changes, changed, by their full names. */
    Map<String, String> sources() throws IOException {
        Map<String, String> sources = new LinkedHashMap<>();
        for (Edit edit : edits) {
            String name = "io.holdfast." + edit.type();
            String source = sources.containsKey(name) ? sources.get(name) : Files.readString(file(edit.type()));
            sources.put(name, apply(edit, source));
        }
        return sources;
    }

    private static Path file(String type) {
        String module = type.substring(0, type.indexOf('.'));
        return Path.of("..", module, "src", "main", "java", "io", "holdfast", type.replace('.', '/') + ".java");
    }

    private String apply(Edit edit, String source) {
        Pattern before = Pattern.compile(Stream.of(edit.before().strip().split("\\s+"))
                .map(Pattern::quote)
                .collect(Collectors.joining("\\s+")));
        Matcher matcher = before.matcher(source);
        if (!matcher.find()) {
            throw new IllegalStateException(id + ": " + edit.type() + " has no such text any more: " + edit.before());
        }
        String changed = source.substring(0, matcher.start()) + edit.after().strip() + source.substring(matcher.end());
        if (matcher.find()) {
            throw new IllegalStateException(id + ": " + edit.type() + " has this text twice: " + edit.before());
        }
        return changed;
    }
}
