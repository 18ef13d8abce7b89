package io.holdfast.ensemble;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One node as a process: started, ended gently or not, and started again, with all that it ever said in one file.
 *
 * <p>Used by one thread.
 */
public final class NodeProcess implements AutoCloseable {

    private static final Duration STOP_BOUND = Duration.ofMinutes(1);
    private static final Duration SHOW_BOUND = Duration.ofSeconds(60);
    private static final String END_OF_THREADS = "JNI global ref";

    private final String name;
    private final List<String> command;
    private final Path log;
    private @Nullable Process process;
    private Duration cpuOfEarlierRuns = Duration.ZERO;

    /** A process that is not started yet; {@code directory} is made and gets the log. */
    public NodeProcess(String name, List<String> command, Path directory) throws IOException {
        this.name = name;
        this.command = List.copyOf(command);
        this.log = Files.createDirectories(directory).resolve(name + ".log");
    }

    /** Starts it, again if it ended. */
    public void start() throws IOException {
        if (isAlive()) {
            throw new IllegalStateException(name + " is running");
        }
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** SIGKILL; returns when the process is gone. */
    public void kill() throws TimeoutException {
        if (process != null) {
            rememberCpu();
            process.destroyForcibly();
            awaitExit(STOP_BOUND);
        }
    }

    /**
     * SIGSTOP: it does nothing more, and everything that it has open stays open, until it is thawed or killed. Returns
     * when each thread stands still: one that takes the signal stops the others, and may wait for a processor first.
     */
    public void freeze() throws IOException, TimeoutException {
        signal("STOP");
        Eventually.await(name + " stands still", STOP_BOUND, this::standsStill);
    }

    private boolean standsStill() {
        try (var tasks = Files.list(Path.of("/proc", Long.toString(pid()), "task"))) {
            return tasks.allMatch(NodeProcess::isStopped);
        } catch (IOException e) {
            // No such process, or no such system: there is nothing to wait for.
            return true;
        }
    }

    /** The state comes behind the name of the thread, which may have anything in it. */
    private static boolean isStopped(Path task) {
        try {
            var stat = Files.readString(task.resolve("stat"));
            return "Tt".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) >= 0;
        } catch (IOException ended) {
            return true;
        }
    }

    /** SIGCONT: it goes on where it was frozen. */
    public void thaw() throws IOException, TimeoutException {
        signal("CONT");
    }

    /** From now on it cannot write to files, its own log included, as if no disk had any room; needs Linux. */
    public void limitFiles() throws IOException, TimeoutException {
        run("limit-" + name, List.of("prlimit", "--pid", Long.toString(pid()), "--fsize=1:1"));
    }

    /** SIGQUIT: a JVM that is not frozen writes to its log where each of its threads is, and goes on. */
    public void showThreads() throws IOException, TimeoutException {
        var before = log().length();
        signal("QUIT");
        Eventually.await(name + " shows its threads", SHOW_BOUND, () -> isAfter(before, END_OF_THREADS) || !isAlive());
    }

    /** SIGTERM; returns the exit code. */
    public int stop() throws TimeoutException {
        terminate();
        return awaitExit(STOP_BOUND);
    }

    /** SIGTERM, for a process that takes its time to end. */
    public void terminate() {
        rememberCpu();
        started().toHandle().destroy();
    }

    /** Waits for the process to end by itself, and returns its exit code. */
    public int awaitExit(Duration bound) throws TimeoutException {
        try {
            if (started().waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                return started().exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new TimeoutException(name + " did not end within " + bound.toMillis() + " ms");
    }

    /**
     * Processor time of this node over all its runs; what the run before a kill used after it was last asked is lost.
     */
    public Duration cpu() {
        return cpuOfEarlierRuns.plus(cpuOfThisRun());
    }

    /** What it wrote to standard output and standard error, of all its runs. */
    public String log() throws IOException {
        return Files.exists(log) ? Files.readString(log) : "";
    }

    public long pid() {
        return started().pid();
    }

    @Override
    public String toString() {
        return name;
    }

    /** Kills it if it runs; it is gone then. */
    @Override
    public void close() {
        try {
            kill();
        } catch (TimeoutException e) {
            throw new IllegalStateException("the kernel does not end " + name, e);
        }
    }

    private boolean isAfter(int before, String text) {
        try {
            return log().indexOf(text, before) >= 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void signal(String signal) throws IOException, TimeoutException {
        run(signal + "-" + name, List.of("kill", "-" + signal, Long.toString(pid())));
    }

    private void run(String what, List<String> does) throws IOException, TimeoutException {
        var tool = new NodeProcess(what, does, log.resolveSibling("tools"));
        tool.start();
        if (tool.awaitExit(STOP_BOUND) != 0) {
            throw new IOException("failed: " + String.join(" ", does) + ": " + tool.log());
        }
    }

    private void rememberCpu() {
        cpuOfEarlierRuns = cpu();
    }

    private Duration cpuOfThisRun() {
        return isAlive() ? started().info().totalCpuDuration().orElse(Duration.ZERO) : Duration.ZERO;
    }

    private Process started() {
        if (process == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return process;
    }
}
