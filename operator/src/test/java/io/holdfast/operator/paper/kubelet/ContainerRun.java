package io.holdfast.operator.paper.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One container of a pod: its process, started again when it ends, its probes, and its status. */
final class ContainerRun {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final int MOST_DOUBLINGS = 5;
    private static final int MESSAGE_MAX = 2048;

    /** What it takes to start a process. */
    interface Launcher {
        List<String> command(Container container) throws IOException, Environment.MissingException;

        Map<String, String> environment(Container container) throws IOException, Environment.MissingException;

        /** The file that a process sees as {@code /dev/termination-log}. */
        Path terminationMessage(Container container);

        /** A text of the process, with paths as the container has them. */
        String inside(Container container, String text);
    }

    /** How probes are asked. */
    record Probing(String address, int faster) {}

    private final Container container;
    private final Launcher launcher;
    private final Path log;
    private final String restartPolicy;
    private final Probing probing;
    private ContainerState state = waiting("ContainerCreating", "");
    private @Nullable ContainerState lastState;
    private int restarts;
    private long notBefore = System.nanoTime();
    private boolean over;
    private String startedAt = "";
    private ProbeRun startup;
    private ProbeRun liveness;
    private ProbeRun readiness;

    /** For the threads of tests, which kill it. */
    private volatile @Nullable Process process;

    /** @param restartPolicy of the pod; an init container that succeeded is never started again */
    ContainerRun(Container container, Launcher launcher, Path log, String restartPolicy, Probing probing) {
        this.container = container;
        this.launcher = launcher;
        this.log = log;
        this.restartPolicy = restartPolicy;
        this.probing = probing;
        startup = probe(0);
        liveness = probe(1);
        readiness = probe(2);
    }

    /** Starts, watches or restarts the process. */
    void turn() throws IOException {
        var running = process;
        if (over) {
            return;
        }
        if (running == null) {
            if (Images.isMissing(container.getImage())) {
                state = waiting("ImagePullBackOff", "Back-off pulling image \"" + container.getImage() + "\"");
            } else if (System.nanoTime() - notBefore >= 0) {
                start();
            }
        } else if (!running.isAlive()) {
            var code = running.exitValue();
            ended(code, restartPolicy.equals("Always") || (restartPolicy.equals("OnFailure") && code != 0));
        } else {
            probe(running);
        }
    }

    private void probe(Process running) {
        startup.turn();
        if (startup.hasFailed(probing.faster())) {
            running.destroyForcibly();
        }
        if (startup.hasSucceeded()) {
            liveness.turn();
            readiness.turn();
            if (liveness.hasFailed(1)) {
                running.destroy();
            }
        }
    }

    private void start() throws IOException {
        notBefore = System.nanoTime() + FIRST_PAUSE.toNanos();
        try {
            var command = launcher.command(container);
            var builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment()
                    .keySet()
                    .removeIf(name -> name.matches("(HOLDFAST|QUARKUS|SMALLRYE|MP|JAVA_TOOL)_.*"));
            builder.environment().putAll(launcher.environment(container));
            Files.deleteIfExists(launcher.terminationMessage(container));
            process = builder.start();
        } catch (Environment.MissingException e) {
            state = waiting("CreateContainerConfigError", String.valueOf(e.getMessage()));
            return;
        }
        startedAt = now();
        startup = probe(0);
        liveness = probe(1);
        readiness = probe(2);
        state = new ContainerStateBuilder()
                .withNewRunning()
                .withStartedAt(startedAt)
                .endRunning()
                .build();
    }

    private ProbeRun probe(int which) {
        var probes =
                new Probe[] {container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe()};
        return new ProbeRun(probes[which], container, probing.address(), which == 1 ? 1 : probing.faster());
    }

    private void ended(int code, boolean again) throws IOException {
        process = null;
        var ended = new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(code)
                .withReason(code == 0 ? "Completed" : "Error")
                .withMessage(message(code))
                .withStartedAt(startedAt)
                .withFinishedAt(now())
                .endTerminated()
                .build();
        if (!again) {
            over = true;
            state = ended;
            return;
        }
        lastState = ended;
        var pause = FIRST_PAUSE.multipliedBy(1L << Math.min(restarts, MOST_DOUBLINGS));
        notBefore = System.nanoTime() + pause.toNanos();
        restarts++;
        state = waiting("CrashLoopBackOff", "back-off " + pause.toMillis() + "ms restarting failed container");
    }

    /** What the process left in its termination message, or, where the container says so, the end of its log. */
    private @Nullable String message(int code) throws IOException {
        var file = launcher.terminationMessage(container);
        if (Files.exists(file) && Files.size(file) > 0) {
            return launcher.inside(container, Files.readString(file));
        }
        if (code == 0 || !"FallbackToLogsOnError".equals(container.getTerminationMessagePolicy())) {
            return null;
        }
        var text = Files.exists(log) ? Files.readString(log) : "";
        return text.substring(Math.max(0, text.length() - MESSAGE_MAX));
    }

    /** SIGTERM, and no start after that. */
    void terminate() {
        var running = process;
        if (running == null) {
            over = true;
        } else {
            running.destroy();
        }
    }

    /** SIGKILL; what happens then is for {@link #turn}, or for {@link #reap} when the pod ends. */
    void kill() {
        var running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }

    /** SIGKILL; returns when the process is gone. */
    void killAndWait() {
        kill();
        var running = process;
        if (running != null) {
            running.onExit().join();
        }
    }

    /** For a pod that ends: whether the process is gone. */
    boolean reap() throws IOException {
        var running = process;
        if (running != null && !running.isAlive()) {
            ended(running.exitValue(), false);
        }
        return over;
    }

    boolean isRunning() {
        var running = process;
        return running != null && running.isAlive();
    }

    boolean isOver() {
        return over;
    }

    boolean hasSucceeded() {
        return over && state.getTerminated() != null && state.getTerminated().getExitCode() == 0;
    }

    boolean isReady() {
        return isRunning() && startup.hasSucceeded() && readiness.hasSucceeded() && !readiness.hasFailed(1);
    }

    boolean wasStarted() {
        return !startedAt.isEmpty();
    }

    long pid() {
        var running = process;
        return running == null || !running.isAlive() ? 0 : running.pid();
    }

    ContainerStatus status() {
        return new ContainerStatusBuilder()
                .withName(container.getName())
                .withImage(container.getImage())
                .withImageID(wasStarted() ? "paper://" + container.getImage() : "")
                .withContainerID(wasStarted() ? "paper://" + startedAt + "/" + restarts : null)
                .withState(state)
                .withLastState(lastState)
                .withRestartCount(restarts)
                .withStarted(isRunning() && startup.hasSucceeded())
                .withReady(isReady())
                .build();
    }

    private static ContainerState waiting(String reason, String message) {
        return new ContainerStateBuilder()
                .withNewWaiting()
                .withReason(reason)
                .withMessage(message)
                .endWaiting()
                .build();
    }

    static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
