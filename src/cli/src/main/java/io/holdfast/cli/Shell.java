package io.holdfast.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a command line was typed.
 *
 * @param in standard input
 * @param out standard output, for the answer
 * @param err standard error, for all else
 * @param environment of the process
 * @param home directory of the user
 * @param terminal which of the three is a terminal
 */
public record Shell(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        Path home,
        Terminal terminal) {

    /**
     * Which streams are a terminal.
     *
     * @param in whether questions can be asked
     * @param out whether tables may have colour
     * @param err whether progress is shown
     */
    public record Terminal(boolean in, boolean out, boolean err) {

        /** No terminal anywhere. */
        public static final Terminal NONE = new Terminal(false, false, false);

        private static Terminal ofProcess() {
            Path descriptors = Path.of("/proc/self/fd");
            if (Files.isDirectory(descriptors)) {
                return new Terminal(
                        isTerminal(descriptors.resolve("0")),
                        isTerminal(descriptors.resolve("1")),
                        isTerminal(descriptors.resolve("2")));
            }
            // Elsewhere only the script that started this process can tell.
            String told = System.getProperty("holdfast.terminals", "");
            return new Terminal(told.contains("0"), told.contains("1"), told.contains("2"));
        }

        private static boolean isTerminal(Path descriptor) {
            try {
                String file = Files.readSymbolicLink(descriptor).toString();
                return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty") || file.equals("/dev/console");
            } catch (IOException e) {
                return false;
            }
        }
    }

    /** That of this process. */
    public static Shell ofProcess() {
        return new Shell(
                System.in,
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                System.getenv(),
                Path.of(System.getProperty("user.home")),
                Terminal.ofProcess());
    }

    /** Names may have any character, and what they are written in must not depend on a locale. */
    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor), 8192), true, StandardCharsets.UTF_8);
    }

    /** The value of a variable; empty when it is not set, or set to nothing. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /** Whether the answer may have colour. */
    public boolean colours() {
        return terminal.out() && variable("NO_COLOR").isEmpty() && !"dumb".equals(environment.get("TERM"));
    }
}
