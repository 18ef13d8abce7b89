package io.holdfast.sidecar.hook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Sends a signal to each process of that name; in a pod that needs {@code shareProcessNamespace} and the same user.
 *
 * @param signal its name, without {@code SIG}
 * @param process name of the program, as {@code ps -o comm} shows it, or the last part of its path
 */
record SignalHook(String signal, String process) implements Hook {

    private static final System.Logger LOG = System.getLogger(SignalHook.class.getName());
    private static final Set<String> SIGNALS = Set.of("TERM", "KILL", "INT", "HUP", "QUIT", "USR1", "USR2");

    /** What the JDK can send by itself. */
    private static final Set<String> BUILT_IN = Set.of("TERM", "KILL");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._+-]{1,64}");
    private static final int COMM_CHARS = 15;
    private static final int COMMAND_LINE_BYTES_MAX = 4096;

    static SignalHook parse(String text) {
        String[] parts = text.split(":", -1);
        String signal = parts[0].startsWith("SIG") ? parts[0].substring("SIG".length()) : parts[0];
        if (parts.length != 2
                || !SIGNALS.contains(signal)
                || !NAME.matcher(parts[1]).matches()) {
            throw new IllegalArgumentException(
                    "a hook by a signal is signal:TERM:PROCESS with TERM, KILL, INT, HUP, QUIT, USR1 or USR2,"
                            + " not 'signal:"
                            + text + "'");
        }
        if (!BUILT_IN.contains(signal) && kill().isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no program kill here, so a hook can send TERM and KILL only, not " + signal);
        }
        return new SignalHook(signal, parts[1]);
    }

    private static Optional<Path> kill() {
        return List.of(Path.of("/bin/kill"), Path.of("/usr/bin/kill")).stream()
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Override
    public Result call(Occasion occasion, Duration within) throws InterruptedException {
        List<ProcessHandle> found = ProcessHandle.allProcesses()
                .filter(one -> one.pid() != ProcessHandle.current().pid())
                .filter(this::isMeant)
                .toList();
        if (found.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the hook for " + occasion.event() + ": there is no process " + process
                            + " here; the pod needs shareProcessNamespace: true");
            return Result.FAILED;
        }
        boolean all = true;
        for (ProcessHandle one : found) {
            all &= send(one, within);
        }
        if (!all) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the hook for " + occasion.event() + ": " + process + " cannot be sent " + signal
                            + "; the sidecar needs the same user as it");
        }
        return all ? Result.TOLD : Result.FAILED;
    }

    private boolean send(ProcessHandle one, Duration within) throws InterruptedException {
        if (signal.equals("TERM")) {
            return one.destroy() || !one.isAlive();
        }
        if (signal.equals("KILL")) {
            return one.destroyForcibly() || !one.isAlive();
        }
        try {
            Process kill = new ProcessBuilder(kill().orElseThrow().toString(), "-" + signal, Long.toString(one.pid()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                return kill.waitFor(Math.max(1, within.toMillis()), TimeUnit.MILLISECONDS) && kill.exitValue() == 0;
            } finally {
                kill.destroyForcibly();
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "kill cannot be run", e);
            return false;
        }
    }

    private boolean isMeant(ProcessHandle one) {
        Path proc = Path.of("/proc", Long.toString(one.pid()));
        String program = firstWord(proc.resolve("cmdline"));
        return (process.length() <= COMM_CHARS
                        && firstWord(proc.resolve("comm")).equals(process))
                || program.substring(program.lastIndexOf('/') + 1).equals(process);
    }

    /** Up to the first end of a line or word; empty when the file cannot be read, as of a process that is gone. */
    private static String firstWord(Path file) {
        try (var in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(COMMAND_LINE_BYTES_MAX), StandardCharsets.UTF_8);
            int end = 0;
            while (end < text.length() && text.charAt(end) != 0 && text.charAt(end) != '\n') {
                end++;
            }
            return text.substring(0, end);
        } catch (IOException e) {
            return "";
        }
    }
}
