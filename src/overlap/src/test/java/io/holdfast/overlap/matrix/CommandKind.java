package io.holdfast.overlap.matrix;

import io.holdfast.ensemble.NodeProcess;
import io.holdfast.overlap.worker.CommandWorker;
import io.holdfast.overlap.worker.WorkerSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A command under {@code holdfast lock}, as the script of that name starts it. */
final class CommandKind implements WorkerKind {

    private static final Path JAR = Path.of("../cli/target/holdfast-cli.jar").toAbsolutePath();
    private static final Path GUARD = Path.of("../cli/src/main/bash/guard.bash").toAbsolutePath();
    private static final String KEEPER_MARK = "-Dholdfast.guarded=true";

    @Override
    public String label() {
        return "holdfast lock";
    }

    @Override
    public List<List<Fault>> faults() {
        return List.of(
                List.of(Fault.CUT_OFF, Fault.GUARD_STOPPED, Fault.KEEPER_STOPPED),
                List.of(Fault.GUARD_KILLED, Fault.KEEPER_KILLED, Fault.STOPPED));
    }

    /** When guard, keeper and command stand still together, the command may go on first; the token is what is left. */
    @Override
    public boolean mustNotOverlap(Fault fault) {
        return fault != Fault.STOPPED;
    }

    @Override
    public boolean meetsFaultsOfNodes() {
        return true;
    }

    @Override
    public List<List<String>> programs(WorkerSettings settings, List<String> prefix) {
        var command = new ArrayList<>(prefix);
        command.addAll(List.of(
                "bash",
                GUARD.toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx32m",
                "-Xss512k",
                KEEPER_MARK,
                "-jar",
                JAR.toString(),
                "lock",
                settings.lock(),
                "--endpoints=" + String.join(",", settings.endpoints()),
                "--ttl=" + settings.ttlMillis() + "ms",
                "--"));
        command.addAll(JavaKind.java(CommandWorker.class, settings, "16m"));
        return List.of(command);
    }

    @Override
    public Map<Part, List<Long>> parts(List<NodeProcess> programs) {
        var guard = programs.get(0).pid();
        var below = ProcessHandle.of(guard).stream()
                .flatMap(ProcessHandle::descendants)
                .toList();
        var keepers =
                below.stream().filter(process -> has(process, KEEPER_MARK)).toList();
        return Map.of(
                Part.GUARD,
                List.of(guard),
                Part.KEEPER,
                keepers.stream().map(ProcessHandle::pid).toList(),
                Part.HOLDER,
                below.stream()
                        .filter(process -> !keepers.contains(process))
                        .map(ProcessHandle::pid)
                        .toList());
    }

    private static boolean has(ProcessHandle process, String argument) {
        return process.info().arguments().stream().flatMap(Stream::of).anyMatch(argument::equals);
    }
}
