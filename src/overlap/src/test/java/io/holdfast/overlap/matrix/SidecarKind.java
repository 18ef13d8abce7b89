package io.holdfast.overlap.matrix;

import io.holdfast.ensemble.FreePorts;
import io.holdfast.ensemble.NodeProcess;
import io.holdfast.overlap.worker.SidecarWorker;
import io.holdfast.overlap.worker.WorkerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An application that asks a sidecar whether it leads. */
final class SidecarKind implements WorkerKind {

    private static final Path JAR =
            Path.of("../sidecar/target/holdfast-sidecar.jar").toAbsolutePath();

    @Override
    public String label() {
        return "sidecar";
    }

    @Override
    public List<List<Fault>> faults() {
        return List.of(List.of(Fault.CUT_OFF, Fault.SIDECAR_STOPPED), List.of(Fault.STOPPED, Fault.PAUSED));
    }

    @Override
    public boolean meetsFaultsOfNodes() {
        return true;
    }

    @Override
    public List<List<String>> programs(WorkerSettings settings, List<String> prefix) {
        var ports = ports();
        var sidecar = new ArrayList<>(prefix);
        sidecar.addAll(List.of(
                "env",
                "HOLDFAST_ENDPOINTS=" + String.join(",", settings.endpoints()),
                "HOLDFAST_ELECTION=" + settings.lock(),
                "HOLDFAST_CANDIDATE=candidate-" + settings.number(),
                "HOLDFAST_TTL=" + settings.ttlMillis() + "ms",
                "HOLDFAST_LISTEN=127.0.0.1:" + ports.get(0),
                "HOLDFAST_PROBE_LISTEN=127.0.0.1:" + ports.get(1),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx24m",
                "-Xss256k",
                "-XX:TieredStopAtLevel=1",
                "-XX:ReservedCodeCacheSize=16m",
                "-jar",
                JAR.toString()));
        var asks = new WorkerSettings(
                settings.number(),
                settings.lock(),
                settings.ttlMillis(),
                List.of("http://127.0.0.1:" + ports.get(0)),
                settings.turns(),
                settings.signals(),
                settings.database(),
                settings.driver());
        var application = new ArrayList<>(prefix);
        application.addAll(JavaKind.java(SidecarWorker.class, asks, "32m"));
        return List.of(sidecar, application);
    }

    private static List<Integer> ports() {
        try {
            return FreePorts.find(2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<Part, List<Long>> parts(List<NodeProcess> programs) {
        return Map.of(
                Part.SIDECAR,
                List.of(programs.get(0).pid()),
                Part.HOLDER,
                List.of(programs.get(1).pid()));
    }
}
