package io.holdfast.cli.keeper;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** One run of {@code lock} or {@code elect} as processes: a guard, its keeper, its command. Used by one thread. */
final class Held implements AutoCloseable {

    static final Duration BOUND = Duration.ofSeconds(120);

    static final Path GUARD = Path.of("src/main/bash/guard.bash").toAbsolutePath();

    /** As the script starts it. */
    private static final List<String> JVM =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m", "-Xss512k", "-XX:-UsePerfData");

    private final Path directory;
    private final Process process;

    private Held(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    /** How a run is started. */
    static final class Builder {
        private final Path directory;
        private final List<String> before = new ArrayList<>();
        private final List<String> words = new ArrayList<>();
        private final ProcessBuilder builder = new ProcessBuilder();
        private boolean guarded = true;
        private String input = "";
        private boolean typed;

        Builder(Path directory, String endpoints) {
            this.directory = directory;
            builder.environment().keySet().removeIf(name -> name.startsWith("HOLDFAST_"));
            builder.environment().put("HOLDFAST_ENDPOINTS", endpoints);
            builder.environment().put("TMPDIR", directory.toString());
        }

        /** Options and names, joined by spaces. */
        Builder line(String text) {
            words.addAll(List.of(text.split(" ", -1)));
            return this;
        }

        /** What runs. */
        Held command(String... command) throws IOException {
            words.add("--");
            words.addAll(List.of(command));
            return start();
        }

        /** A shell script that runs. */
        Held bash(String script) throws IOException {
            return command("bash", "-c", script);
        }

        Builder with(String variable, String value) {
            builder.environment().put(variable, value);
            return this;
        }

        /** Starts it by another program. */
        Builder through(String... program) {
            before.addAll(List.of(program));
            return this;
        }

        Builder unguarded() {
            guarded = false;
            return this;
        }

        Builder reading(String text) {
            input = text;
            return this;
        }

        /** What is typed comes through {@link Held#type}, not from a file. */
        Builder typing() {
            typed = true;
            return this;
        }

        /** A shell script in that file that runs the command. */
        Builder scripted(String file, String... command) throws IOException {
            words.add("--");
            words.addAll(List.of(command));
            Files.createDirectories(directory);
            String line = all().stream()
                    .map(word -> "'" + word.replace("'", "'\\''") + "'")
                    .collect(Collectors.joining(" "));
            Files.writeString(directory.resolve(file), "exec " + line + "\n");
            words.clear();
            return this;
        }

        /** Starts that program alone. */
        Held program(String... program) throws IOException {
            return start(List.of(program));
        }

        private List<String> all() {
            List<String> all = new ArrayList<>(before);
            if (guarded) {
                all.addAll(List.of("bash", GUARD.toString()));
            }
            all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            all.addAll(JVM);
            if (guarded) {
                all.add("-Dholdfast.guarded=true");
            }
            all.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.holdfast.cli.Main"));
            all.addAll(words);
            return all;
        }

        /** Starts what {@link #line} has. */
        Held start() throws IOException {
            return start(all());
        }

        private Held start(List<String> all) throws IOException {
            Files.createDirectories(directory);
            Path in = Files.write(directory.resolve("in"), input.getBytes(StandardCharsets.UTF_8));
            // A build in the background ignores INT and QUIT, which its programs would inherit for good.
            List<String> command = new ArrayList<>(List.of("env", "--default-signal"));
            command.addAll(all);
            builder.command(command)
                    .directory(directory.toFile())
                    .redirectInput(typed ? ProcessBuilder.Redirect.PIPE : ProcessBuilder.Redirect.from(in.toFile()))
                    .redirectOutput(directory.resolve("out").toFile())
                    .redirectError(directory.resolve("err").toFile());
            return new Held(directory, builder.start());
        }
    }

    /** The words of a shell that start the JVM. */
    static String jvm(boolean guarded) {
        return "'" + Path.of(System.getProperty("java.home"), "bin", "java") + "' " + String.join(" ", JVM)
                + (guarded ? " -Dholdfast.guarded=true" : "") + " -cp '" + System.getProperty("java.class.path")
                + "' io.holdfast.cli.Main";
    }

    /** Types something. */
    void type(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    long pid() {
        return process.pid();
    }

    /** The JVM that holds the lock. */
    ProcessHandle keeper() throws TimeoutException {
        Eventually.await("the keeper runs", BOUND, () -> keepers() > 0);
        return process.children().filter(Held::isJava).findFirst().orElseThrow();
    }

    private long keepers() {
        return process.children().filter(Held::isJava).count();
    }

    private static boolean isJava(ProcessHandle child) {
        return child.info().command().orElse("").endsWith("/java");
    }

    void signal(String name) throws IOException {
        signal(pid(), name);
    }

    static void signal(long pid, String name) throws IOException {
        try {
            int code = new ProcessBuilder("kill", "-s", name, Long.toString(pid))
                    .start()
                    .waitFor();
            assertTrue(code == 0, "kill -s " + name + " " + pid + " says " + code);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets it go on if it was stopped; it may have ended. */
    void resume() throws IOException, InterruptedException {
        int unused = new ProcessBuilder("kill", "-s", "CONT", Long.toString(pid()))
                .redirectErrorStream(true)
                .start()
                .waitFor();
    }

    int exitCode() throws TimeoutException {
        try {
            if (process.waitFor(BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new TimeoutException("it runs on: " + this);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String out() {
        return text("out");
    }

    String err() {
        return text("err");
    }

    /** A file of its directory; empty when there is none. */
    String text(String file) {
        try {
            Path path = directory.resolve(file);
            return Files.exists(path) ? Files.readString(path) : "";
        } catch (IOException e) {
            return "";
        }
    }

    /** Waits until the command has written something. */
    void awaitOut(String text) throws TimeoutException {
        Eventually.await(text + " in " + this, BOUND, () -> out().contains(text) || !process.isAlive());
        assertTrue(out().contains(text), this::toString);
    }

    void awaitErr(String text) throws TimeoutException {
        Eventually.await(text + " in " + this, BOUND, () -> err().contains(text) || !process.isAlive());
        assertTrue(err().contains(text), this::toString);
    }

    @Override
    public String toString() {
        return "out: " + out() + "\nerr: " + err();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
