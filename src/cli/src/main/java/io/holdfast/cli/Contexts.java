package io.holdfast.cli;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The contexts of a user: {@code holdfast/config.properties} in {@code $XDG_CONFIG_HOME}, with {@code current=NAME} and
 * {@code context.NAME.KEY=…}. The file may name a credential, so one that other users can read or change is refused.
 */
final class Contexts {

    /** What a context may have. */
    static final Set<String> KEYS =
            new TreeSet<>(Set.of("endpoints", "auth-file", "ca-file", "cert-file", "key-file", "timeout"));

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_@-]{1,64}");
    private static final int BYTES_MAX = 1 << 20;

    private final Path file;
    private String current;
    private final Map<String, Map<String, String>> contexts;

    private Contexts(Path file, String current, Map<String, Map<String, String>> contexts) {
        this.file = file;
        this.current = current;
        this.contexts = contexts;
    }

    /** Where the file is. */
    static Path file(Shell shell) {
        Path base = shell.variable("XDG_CONFIG_HOME")
                .map(Path::of)
                .orElse(shell.home().resolve(".config"));
        return base.resolve("holdfast").resolve("config.properties");
    }

    /**
     * Reads them; none when there is no file.
     *
     * @throws CommandException when the file is not one that can be used
     */
    static Contexts read(Shell shell) {
        Path file;
        try {
            file = file(shell);
        } catch (InvalidPathException e) {
            throw CommandException.usage("XDG_CONFIG_HOME is no path: " + e.getInput());
        }
        Properties properties = new Properties();
        try {
            if (Files.exists(file)) {
                requirePrivate(file);
                if (Files.size(file) > BYTES_MAX) {
                    throw CommandException.usage(file + " has more than 1 MiB; it holds contexts only");
                }
                properties.load(new StringReader(Files.readString(file)));
            }
        } catch (NoSuchFileException gone) {
            properties.clear();
        } catch (MalformedInputException | IllegalArgumentException e) {
            throw CommandException.usage(file + " is no properties file in UTF-8; correct or remove it");
        } catch (IOException e) {
            throw CommandException.usage("cannot read " + file + ": " + FileFailures.words(e));
        }
        return of(file, properties);
    }

    private static void requirePrivate(Path file) throws IOException {
        if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        for (PosixFilePermission permission : permissions) {
            if (!permission.name().startsWith("OWNER_")) {
                throw CommandException.usage(
                        "others can use " + file + ", which may name a credential; run: chmod 600 " + file);
            }
        }
    }

    private static Contexts of(Path file, Properties properties) {
        Map<String, Map<String, String>> contexts = new TreeMap<>();
        String current = "";
        for (String key : properties.stringPropertyNames()) {
            String value = properties.getProperty(key).strip();
            String[] parts = key.split("\\.", -1);
            if (key.equals("current")) {
                current = value;
            } else if (parts.length == 3
                    && parts[0].equals("context")
                    && NAME.matcher(parts[1]).matches()
                    && KEYS.contains(parts[2])) {
                contexts.computeIfAbsent(parts[1], name -> new TreeMap<>()).put(parts[2], value);
            } else {
                throw CommandException.usage(file + " has '" + key
                        + "'; it takes current and context.NAME.KEY, KEY one of " + String.join(", ", KEYS));
            }
        }
        return new Contexts(file, current, contexts);
    }

    /** Name of the one that counts unless another is named; empty for none. */
    String current() {
        return current;
    }

    /** All of them, by name. */
    Map<String, Map<String, String>> all() {
        return contexts;
    }

    /**
     * What one says.
     *
     * @throws CommandException when there is no such context
     */
    Map<String, String> get(String name) {
        Map<String, String> context = contexts.get(name);
        if (context == null) {
            String there = contexts.isEmpty() ? "none" : String.join(", ", contexts.keySet());
            throw CommandException.usage("there is no context '" + name + "' in " + file + "; there is " + there);
        }
        return context;
    }

    /** Makes one the one that counts. */
    void use(String name) {
        get(name);
        current = name;
    }

    /** Adds to one, or makes it. */
    void set(String name, Map<String, String> values) {
        if (!NAME.matcher(name).matches()) {
            throw CommandException.usage("'" + name + "' is no name of a context; it has 1 to 64 of A-Z a-z 0-9 _ @ -");
        }
        contexts.computeIfAbsent(name, made -> new TreeMap<>()).putAll(values);
    }

    /** Removes one. */
    void delete(String name) {
        get(name);
        contexts.remove(name);
        if (current.equals(name)) {
            current = "";
        }
    }

    /** Writes the file as a whole or not at all, for its owner alone. */
    void write() {
        Map<String, String> lines = new LinkedHashMap<>();
        if (!current.isEmpty()) {
            lines.put("current", current);
        }
        contexts.forEach(
                (name, values) -> values.forEach((key, value) -> lines.put("context." + name + "." + key, value)));
        try {
            Path directory = file.getParent();
            Files.createDirectories(directory);
            Path next = Files.createTempFile(directory, "config", ".new");
            try {
                if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
                    Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
                }
                Files.writeString(next, text(lines));
                Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(next);
            }
        } catch (IOException e) {
            throw CommandException.failed("cannot write " + file + ": " + FileFailures.words(e), e);
        }
    }

    /** The lines with the escapes of a properties file, without its comment with the time. */
    private static String text(Map<String, String> lines) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String> line : lines.entrySet()) {
            Properties one = new Properties();
            one.setProperty(line.getKey(), line.getValue());
            StringWriter written = new StringWriter();
            one.store(written, null);
            written.toString()
                    .lines()
                    .filter(kept -> !kept.startsWith("#"))
                    .forEach(kept -> text.append(kept).append('\n'));
        }
        return text.toString();
    }
}
