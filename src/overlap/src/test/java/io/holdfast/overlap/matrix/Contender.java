package io.holdfast.overlap.matrix;

import io.holdfast.ensemble.Eventually;
import io.holdfast.ensemble.NodeProcess;
import io.holdfast.overlap.worker.Signals;
import io.holdfast.overlap.worker.WorkerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** One of the two that compete for the lock of a contest: its processes, its way to the nodes. Used by one thread. */
final class Contender implements AutoCloseable {

    private static final Duration BOUND = Duration.ofMinutes(2);

    private final WorkerKind kind;
    private final Access access;
    private final Signals signals;
    private final List<NodeProcess> programs = new ArrayList<>();
    private final List<Long> frozen = new ArrayList<>();

    /** One whose programs do not run yet. */
    Contender(WorkerKind kind, WorkerSettings settings, Access access, Path directory) throws IOException {
        this.kind = kind;
        this.access = access;
        this.signals = new Signals(settings.signals(), settings.number());
        for (var command : kind.programs(settings, access.prefix())) {
            var name = settings.lock().replace('/', '-') + "-" + settings.number() + "-" + programs.size();
            programs.add(new NodeProcess(name, command, directory));
        }
    }

    Access access() {
        return access;
    }

    Signals signals() {
        return signals;
    }

    /** Starts what does not run. */
    void keepRunning() throws IOException {
        for (var program : programs) {
            if (!program.isAlive()) {
                program.start();
            }
        }
    }

    /**
     * Has it pause between its checks and its writes, in all that it does.
     *
     * @param holds whether it holds the lock
     * @return false when it lost the lock before it paused
     */
    boolean pauseBeforeWrites(BooleanSupplier holds) throws TimeoutException {
        signals.pause();
        Eventually.await("a pause between check and write", BOUND, () -> hasPaused() || !holds.getAsBoolean());
        if (!hasPaused()) {
            signals.resume();
            return false;
        }
        return true;
    }

    private boolean hasPaused() {
        return Stream.of(Signals.Writer.values()).allMatch(signals::hasPaused);
    }

    /** Returns whether all of its programs and their parts run: one that was just started again has not all yet. */
    boolean isWhole() {
        return programs.stream().allMatch(NodeProcess::isAlive)
                && kind.parts(programs).values().stream().noneMatch(List::isEmpty);
    }

    /** Sends a signal to these parts of it that there are. */
    void signal(String signal, Part... parts) throws IOException, TimeoutException {
        var known = kind.parts(programs);
        var pids = Stream.of(parts)
                .flatMap(part -> known.getOrDefault(part, List.of()).stream())
                .toList();
        if (pids.isEmpty()) {
            throw new IOException("nothing to send " + signal + " to: " + List.of(parts));
        }
        send(signal, pids);
        if (signal.equals("STOP")) {
            frozen.addAll(pids);
        }
    }

    /** Has all go on that was stopped and is still there. */
    void thaw() throws IOException, TimeoutException {
        if (!frozen.isEmpty()) {
            send("CONT", frozen);
            frozen.clear();
        }
    }

    private static void send(String signal, List<Long> pids) throws IOException, TimeoutException {
        var command = new ArrayList<>(List.of("kill", "-" + signal));
        pids.forEach(pid -> command.add(Long.toString(pid)));
        // It complains about processes that have ended meanwhile.
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimeoutException(String.join(" ", command));
        }
    }

    /** The last lines of what its programs wrote. */
    String logTail(int lines) {
        var tail = new StringBuilder();
        for (var program : programs) {
            try {
                var all = program.log().lines().toList();
                tail.append("--- ")
                        .append(program)
                        .append(program.isAlive() ? "" : " (not running)")
                        .append('\n');
                tail.append(String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size())))
                        .append('\n');
            } catch (IOException e) {
                tail.append(e.getMessage()).append('\n');
            }
        }
        return tail.toString();
    }

    /** Kills all of it. */
    @Override
    public void close() throws IOException {
        if (programs.stream().allMatch(NodeProcess::isAlive)) {
            kind.parts(programs).values().stream()
                    .flatMap(List::stream)
                    .flatMap(pid -> ProcessHandle.of(pid).stream())
                    .forEach(ProcessHandle::destroyForcibly);
        }
        programs.forEach(NodeProcess::close);
        access.close();
    }
}
