package io.holdfast.operator.paper.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One pod on its node, from its first container to its last, in a thread of its own. */
final class PodRun implements Runnable, ContainerRun.Launcher {

    private static final long PAUSE_NANOS = Duration.ofMillis(30).toNanos();
    private static final long RETRY_NANOS = Duration.ofMillis(200).toNanos();

    private static final long REFRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final PaperKubelet kubelet;
    private final Pod first;
    private final String address;
    private final Environment environment;
    private final Path logs;
    private final List<ContainerRun> inits = new ArrayList<>();
    private final List<ContainerRun> mains = new ArrayList<>();
    private final Map<String, String> conditions = new HashMap<>();
    private final Map<String, String> since = new HashMap<>();
    private final String startTime = ContainerRun.now();
    private @Nullable Volumes volumes;
    private @Nullable PodStatus published;
    private long retry = System.nanoTime();
    private long deadline;
    private long refreshed = System.nanoTime();
    private boolean ending;
    private volatile boolean closed;

    PodRun(PaperKubelet kubelet, Pod pod, String address) throws IOException {
        this.kubelet = kubelet;
        this.first = pod;
        this.address = address;
        this.environment = new Environment(kubelet.client(), pod, address);
        logs = Files.createDirectories(kubelet.options().directory().resolve("logs"));
        var policy = pod.getSpec().getRestartPolicy() == null
                ? "Always"
                : pod.getSpec().getRestartPolicy();
        var probing = new ContainerRun.Probing(address, kubelet.options().faster());
        for (var container : pod.getSpec().getInitContainers()) {
            var log = logs.resolve(name() + "." + container.getName() + ".log");
            var init = policy.equals("Never") ? "Never" : "OnFailure";
            inits.add(new ContainerRun(container, this, log, init, probing));
        }
        for (var container : pod.getSpec().getContainers()) {
            var log = logs.resolve(name() + "." + container.getName() + ".log");
            mains.add(new ContainerRun(container, this, log, policy, probing));
        }
    }

    String name() {
        return first.getMetadata().getName();
    }

    String address() {
        return address;
    }

    Pod pod() {
        return first;
    }

    /** The processes that run. */
    Stream<ContainerRun> containers() {
        return Stream.concat(inits.stream(), mains.stream());
    }

    /** Ends the processes at once, and says nothing more. */
    void close() {
        closed = true;
        containers().forEach(ContainerRun::kill);
    }

    @Override
    public void run() {
        try {
            while (!closed && turn()) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (IOException | RuntimeException e) {
            kubelet.failed(this, e);
        } finally {
            containers().forEach(ContainerRun::killAndWait);
            kubelet.ended(this);
        }
    }

    private boolean turn() throws IOException {
        if (kubelet.isDead(first.getSpec().getNodeName())) {
            return true;
        }
        var pod = kubelet.current(first);
        if (pod == null) {
            return false;
        }
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            return !end(pod);
        }
        go();
        publish();
        return true;
    }

    private void go() throws IOException {
        if (volumes == null && !mount()) {
            return;
        }
        refresh();
        for (var init : inits) {
            init.turn();
            if (!init.hasSucceeded()) {
                return;
            }
        }
        for (var main : mains) {
            main.turn();
        }
    }

    private void refresh() throws IOException {
        if (System.nanoTime() - refreshed < REFRESH_NANOS) {
            return;
        }
        refreshed = System.nanoTime();
        try {
            volumes.refresh(first, environment);
        } catch (Environment.MissingException | KubernetesClientException notNow) {
            // A kubelet keeps what it has, too.
            refreshed = System.nanoTime();
        }
    }

    private boolean mount() throws IOException {
        if (System.nanoTime() - retry < 0) {
            return false;
        }
        retry = System.nanoTime() + RETRY_NANOS;
        try {
            volumes = Volumes.of(kubelet.client(), first, kubelet.options().directory(), environment);
            return true;
        } catch (Environment.MissingException | KubernetesClientException notYet) {
            return false;
        }
    }

    /** Returns whether the pod is gone. */
    private boolean end(Pod pod) throws IOException {
        if (!ending) {
            ending = true;
            var grace = pod.getMetadata().getDeletionGracePeriodSeconds();
            deadline = System.nanoTime()
                    + Duration.ofSeconds(grace == null ? 30 : grace).toNanos();
            containers().forEach(ContainerRun::terminate);
        }
        if (System.nanoTime() - deadline >= 0) {
            containers().forEach(ContainerRun::kill);
        }
        var gone = true;
        for (var container : containers().toList()) {
            gone &= container.reap();
        }
        if (!gone) {
            return false;
        }
        publish();
        return kubelet.delete(pod);
    }

    private void publish() {
        var status = status();
        if (status.equals(published)) {
            return;
        }
        var change = new PodBuilder()
                .withNewMetadata()
                .withName(name())
                .withNamespace(first.getMetadata().getNamespace())
                .withUid(first.getMetadata().getUid())
                .endMetadata()
                .withStatus(status)
                .build();
        try {
            kubelet.client().resource(change).patchStatus();
            published = status;
        } catch (KubernetesClientException e) {
            // Gone, or the API server is: the next turn tells.
            retry = System.nanoTime();
        }
    }

    private PodStatus status() {
        var initialized = inits.stream().allMatch(ContainerRun::hasSucceeded);
        var ready = !ending && mains.stream().allMatch(ContainerRun::isReady);
        condition("PodScheduled", true);
        condition("Initialized", initialized);
        condition("ContainersReady", ready);
        condition("Ready", ready);
        var status = new PodStatusBuilder()
                .withPhase(phase())
                .withPodIP(address)
                .addNewPodIP(address)
                .withHostIP("127.0.0.1")
                .withStartTime(startTime)
                .withInitContainerStatuses(
                        inits.stream().map(ContainerRun::status).toList())
                .withContainerStatuses(mains.stream().map(ContainerRun::status).toList());
        new LinkedHashMap<>(conditions)
                .forEach((type, value) -> status.addNewCondition()
                        .withType(type)
                        .withStatus(value)
                        .withLastTransitionTime(since.get(type))
                        .endCondition());
        return status.build();
    }

    private void condition(String type, boolean holds) {
        var value = holds ? "True" : "False";
        if (!Objects.equals(conditions.put(type, value), value)) {
            since.put(type, ContainerRun.now());
        }
    }

    private String phase() {
        if (mains.stream().allMatch(ContainerRun::isOver)) {
            return mains.stream().allMatch(ContainerRun::hasSucceeded) ? "Succeeded" : "Failed";
        }
        if (inits.stream().anyMatch(init -> init.isOver() && !init.hasSucceeded())) {
            return "Failed";
        }
        return mains.stream().anyMatch(ContainerRun::wasStarted) ? "Running" : "Pending";
    }

    @Override
    public List<String> command(Container container) {
        return kubelet.images().command(container, resolved(container), text -> translate(container, text));
    }

    @Override
    public Map<String, String> environment(Container container) throws Environment.MissingException {
        var all = new LinkedHashMap<>(kubelet.options().environment());
        all.put("QUARKUS_HTTP_HOST", address);
        environment.of(container).forEach((name, value) -> all.put(name, translate(container, value)));
        return all;
    }

    private Map<String, String> resolved(Container container) {
        try {
            return environment.of(container);
        } catch (Environment.MissingException e) {
            return Map.of();
        }
    }

    @Override
    public Path terminationMessage(Container container) {
        return logs.resolve(first.getMetadata().getUid() + "." + container.getName() + ".end");
    }

    @Override
    public String inside(Container container, String text) {
        return volumes == null ? text : volumes.inside(container, text);
    }

    private String translate(Container container, String text) {
        var path = container.getTerminationMessagePath() == null
                ? "/dev/termination-log"
                : container.getTerminationMessagePath();
        var mounted = volumes == null ? text : volumes.translate(container, text);
        return mounted.replace(path, terminationMessage(container).toString());
    }
}
