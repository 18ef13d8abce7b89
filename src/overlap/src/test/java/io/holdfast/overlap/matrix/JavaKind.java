package io.holdfast.overlap.matrix;

import io.holdfast.ensemble.NodeProcess;
import io.holdfast.overlap.worker.JavaWorker;
import io.holdfast.overlap.worker.UncheckedWorker;
import io.holdfast.overlap.worker.WorkerSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A program with the Java client: it checks its lease, or, as a control, it does not. */
enum JavaKind implements WorkerKind {
    /** Checks before each write. */
    CHECKED("Java client", JavaWorker.class),
    /** Never checks. */
    UNCHECKED("control: no check", UncheckedWorker.class);

    private final String label;
    private final Class<?> program;

    JavaKind(String label, Class<?> program) {
        this.label = label;
        this.program = program;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public boolean isChecked() {
        return this == CHECKED;
    }

    @Override
    public List<List<Fault>> faults() {
        return isChecked()
                ? List.of(List.of(Fault.CUT_OFF, Fault.STOPPED, Fault.PAUSED), List.of(Fault.LINK_DOWN))
                : List.of(List.of(Fault.CUT_OFF, Fault.STOPPED));
    }

    @Override
    public boolean meetsFaultsOfNodes() {
        return isChecked();
    }

    @Override
    public List<List<String>> programs(WorkerSettings settings, List<String> prefix) {
        var command = new ArrayList<>(prefix);
        command.addAll(java(program, settings, "64m"));
        return List.of(command);
    }

    /** The command that runs a class of these tests on a small JVM. */
    static List<String> java(Class<?> program, WorkerSettings settings, String heap) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-Xss256k",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                program.getName()));
        command.addAll(List.of(settings.arguments()));
        return command;
    }

    /** Of these tests, of which the JVM's own may be a jar that only lists it. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    @Override
    public Map<Part, List<Long>> parts(List<NodeProcess> programs) {
        return Map.of(Part.HOLDER, List.of(programs.get(0).pid()));
    }
}
