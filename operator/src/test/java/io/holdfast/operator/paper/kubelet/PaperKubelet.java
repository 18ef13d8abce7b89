package io.holdfast.operator.paper.kubelet;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a cluster, its scheduler, its volumes and its names, without a container engine: each container is a
 * process of this machine. It is a client of an API server, in memory or a real one. For any thread.
 */
public final class PaperKubelet implements AutoCloseable {

    private static final long TURN_MILLIS = 50;
    private static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

    /**
     * What the nodes are made of.
     *
     * @param serverJar what runs in containers
     * @param directory for volumes and logs
     * @param nodes names
     * @param environment of each container, beneath its own
     * @param faster by how much startup and readiness probes are asked more often than they say
     */
    public record Options(
            Path serverJar, Path directory, List<String> nodes, Map<String, String> environment, int faster) {}

    private final KubernetesClient client;
    private final Options options;
    private final Addresses addresses = new Addresses();
    private final HostsFile hosts;
    private final Images images;
    private final Scheduler scheduler;
    private final SharedIndexInformer<Pod> pods;
    private final SharedIndexInformer<Service> services;
    private final SharedIndexInformer<Node> nodes;
    private final SharedIndexInformer<PersistentVolumeClaim> claims;
    private final Map<String, PodRun> runs = new ConcurrentHashMap<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final Set<String> dead = ConcurrentHashMap.newKeySet();

    /** Requests that failed, since the object had changed or the API server was down; another turn follows each. */
    private final AtomicLong troubles = new AtomicLong();

    private final List<String> failures = new CopyOnWriteArrayList<>();
    /** A test that is ended leaves no processes behind. */
    private final Thread orphans = new Thread(this::endProcesses, "paper-kubelet-end");

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "paper-kubelet"));

    /** Nodes that take pods from now on; the client is closed with them. */
    public PaperKubelet(KubernetesClient client, Options options) throws IOException, TimeoutException {
        this.client = client;
        this.options = options;
        Files.createDirectories(options.directory());
        hosts = new HostsFile(options.directory().resolve("hosts"));
        images = new Images(options.serverJar(), hosts.file());
        scheduler = new Scheduler(client);
        options.nodes().forEach(this::addNode);
        pods = client.pods().inAnyNamespace().inform();
        services = client.services().inAnyNamespace().inform();
        nodes = client.nodes().inform();
        claims = client.persistentVolumeClaims().inAnyNamespace().inform();
        Runtime.getRuntime().addShutdownHook(orphans);
        thread.scheduleWithFixedDelay(this::turn, 0, TURN_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void addNode(String name) {
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("kubernetes.io/hostname", name)
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .build())
                .create();
        ready(name, "True");
    }

    private void ready(String node, String status) {
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(node)
                        .endMetadata()
                        .withNewStatus()
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus(status)
                        .withReason(status.equals("True") ? "KubeletReady" : "NodeStatusUnknown")
                        .withLastTransitionTime(ContainerRun.now())
                        .endCondition()
                        .endStatus()
                        .build())
                .patchStatus();
    }

    private void turn() {
        try {
            var all = pods.getStore().list();
            claims.getStore().list().stream().filter(PaperKubelet::isUnbound).forEach(this::bind);
            for (var pod : all) {
                place(pod, all);
            }
            writeHosts(all);
        } catch (KubernetesClientException overtaken) {
            troubles.incrementAndGet();
        } catch (IOException | RuntimeException e) {
            failures.add(e.toString());
        }
    }

    private void place(Pod pod, List<Pod> all) throws IOException {
        var node = pod.getSpec().getNodeName();
        var deleted = pod.getMetadata().getDeletionTimestamp() != null;
        if (node == null) {
            if (!deleted) {
                scheduler.schedule(
                        pod, all, nodes.getStore().list(), claims.getStore().list());
            }
        } else if (deleted && isOutOfService(node)) {
            delete(pod);
        } else if (!isDead(node)
                && !isOver(pod)
                && !runs.containsKey(pod.getMetadata().getUid())) {
            begin(pod);
        }
    }

    private void begin(Pod pod) throws IOException {
        var run = new PodRun(this, pod, addresses.take());
        runs.put(pod.getMetadata().getUid(), run);
        var pods = new Thread(run, "pod-" + run.name());
        threads.add(pods);
        pods.start();
    }

    private static boolean isOver(Pod pod) {
        return pod.getStatus() != null
                && List.of("Succeeded", "Failed")
                        .contains(String.valueOf(pod.getStatus().getPhase()));
    }

    private boolean isOutOfService(String name) {
        var node = nodes.getStore().getByKey(name);
        return node != null
                && node.getSpec().getTaints().stream()
                        .anyMatch(taint -> taint.getKey().equals(OUT_OF_SERVICE));
    }

    private static boolean isUnbound(PersistentVolumeClaim claim) {
        return claim.getMetadata().getDeletionTimestamp() == null
                && claim.getStatus() != null
                && "Pending".equals(claim.getStatus().getPhase());
    }

    private void bind(PersistentVolumeClaim claim) {
        client.resource(new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withName(claim.getMetadata().getName())
                        .withNamespace(claim.getMetadata().getNamespace())
                        .withUid(claim.getMetadata().getUid())
                        .endMetadata()
                        .withNewStatus()
                        .withPhase("Bound")
                        .withAccessModes(claim.getSpec().getAccessModes())
                        .withCapacity(claim.getSpec().getResources().getRequests())
                        .endStatus()
                        .build())
                .patchStatus();
    }

    private void writeHosts(List<Pod> all) throws IOException {
        var names = new TreeMap<String, String>();
        for (var pod : all) {
            var run = runs.get(pod.getMetadata().getUid());
            var domain = pod.getSpec().getSubdomain();
            if (run != null && domain != null && pod.getSpec().getHostname() != null) {
                var namespace = pod.getMetadata().getNamespace();
                var service = services.getStore().getByKey(namespace + "/" + domain);
                if (service != null && selects(service, pod)) {
                    names.put(pod.getSpec().getHostname() + "." + domain + "." + namespace + ".svc", run.address());
                }
            }
        }
        hosts.write(names);
    }

    private static boolean selects(Service service, Pod pod) {
        var labels = pod.getMetadata().getLabels();
        return labels != null
                && labels.entrySet().containsAll(service.getSpec().getSelector().entrySet());
    }

    /** Where a client that uses a Service is sent: its pods that are ready and stay. */
    public List<URI> endpoints(String namespace, String service) {
        var found = services.getStore().getByKey(namespace + "/" + service);
        return found == null
                ? List.of()
                : pods.getStore().list().stream()
                        .filter(pod -> pod.getMetadata().getNamespace().equals(namespace))
                        .filter(pod -> selects(found, pod))
                        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                        .filter(PaperKubelet::isReady)
                        .map(pod -> URI.create("http://" + pod.getStatus().getPodIP() + ":7100"))
                        .toList();
    }

    private static boolean isReady(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(each -> each.getType().equals("Ready")
                                && each.getStatus().equals("True"));
    }

    /** SIGKILL for all containers of a pod; they are started again. */
    public void kill(String namespace, String pod) {
        run(namespace, pod).containers().forEach(ContainerRun::kill);
    }

    /** Process ids of the containers of a pod that run, also of one whose object is gone. */
    public List<Long> pids(String namespace, String pod) {
        return runs(namespace, pod)
                .flatMap(PodRun::containers)
                .map(ContainerRun::pid)
                .filter(pid -> pid != 0)
                .toList();
    }

    /**
     * A node stops to answer, as the control plane sees it: it is tainted, its pods are not ready and then deleted,
     * which nothing carries out.
     *
     * @param processesEnd false for a node that lost its network to the API server alone
     */
    public void nodeDies(String node, boolean processesEnd) {
        dead.add(node);
        ready(node, "Unknown");
        client.nodes()
                .withName(node)
                .edit(old -> new NodeBuilder(old)
                        .editSpec()
                        .addNewTaint()
                        .withKey("node.kubernetes.io/unreachable")
                        .withEffect("NoExecute")
                        .endTaint()
                        .endSpec()
                        .build());
        if (processesEnd) {
            runs.values().stream()
                    .filter(run -> node.equals(run.pod().getSpec().getNodeName()))
                    .flatMap(PodRun::containers)
                    .forEach(ContainerRun::kill);
        }
        for (var pod : client.pods().inAnyNamespace().list().getItems()) {
            if (node.equals(pod.getSpec().getNodeName())) {
                unready(pod);
                client.resource(pod).delete();
            }
        }
    }

    private void unready(Pod pod) {
        var conditions = pod.getStatus().getConditions().stream()
                .map(each -> each.getType().matches("Ready|ContainersReady")
                        ? each.toBuilder()
                                .withStatus("False")
                                .withReason("NodeNotReady")
                                .build()
                        : each)
                .toList();
        client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(pod.getMetadata().getName())
                        .withNamespace(pod.getMetadata().getNamespace())
                        .withUid(pod.getMetadata().getUid())
                        .endMetadata()
                        .withNewStatus()
                        .withConditions(conditions)
                        .endStatus()
                        .build())
                .patchStatus();
    }

    /** A node answers again, and does what was asked of it meanwhile. */
    public void nodeReturns(String node) {
        client.nodes()
                .withName(node)
                .edit(old -> new NodeBuilder(old)
                        .editSpec()
                        .withTaints(List.of())
                        .endSpec()
                        .build());
        ready(node, "True");
        dead.remove(node);
    }

    /** Takes a node for new pods or not, as {@code kubectl cordon}. */
    public void cordon(String node, boolean closed) {
        client.nodes()
                .withName(node)
                .edit(old -> new NodeBuilder(old)
                        .editSpec()
                        .withUnschedulable(closed)
                        .endSpec()
                        .build());
    }

    /** While a pod with this claim does not run: all that is on its volume is lost. */
    public void empty(PersistentVolumeClaim claim) throws IOException {
        var folder = Volumes.folder(options.directory(), claim.getMetadata().getUid());
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(folder)) {
                    Files.delete(file);
                }
            }
        }
    }

    /** The name service answers for no pod while it is away. */
    public void names(boolean there) {
        hosts.away(!there);
    }

    /** What the containers of a pod wrote, over all pods of that name. */
    public String log(String pod) throws IOException {
        var text = new StringBuilder();
        try (var files = Files.list(options.directory().resolve("logs"))) {
            for (var file : files.filter(each -> each.getFileName().toString().startsWith(pod + "."))
                    .toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }

    /** What went wrong in the kubelet itself; a test that finds anything here has failed. */
    public List<String> failures() {
        return failures;
    }

    @Override
    public void close() throws IOException {
        thread.shutdownNow();
        endProcesses();
        Runtime.getRuntime().removeShutdownHook(orphans);
        awaitThreads();
        client.close();
        addresses.close();
    }

    /** What writes to the directory of a test is gone before the directory is. */
    private void awaitThreads() {
        try {
            thread.awaitTermination(1, TimeUnit.MINUTES);
            for (var each : threads) {
                each.join(TimeUnit.MINUTES.toMillis(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void endProcesses() {
        runs.values().forEach(PodRun::close);
    }

    private PodRun run(String namespace, String pod) {
        return runs(namespace, pod).findFirst().orElseThrow(() -> new IllegalStateException(pod + " does not run"));
    }

    private Stream<PodRun> runs(String namespace, String pod) {
        return runs.values().stream()
                .filter(run -> run.name().equals(pod))
                .filter(run -> run.pod().getMetadata().getNamespace().equals(namespace));
    }

    /** The client of the nodes, which caches that are late do not concern. */
    public KubernetesClient client() {
        return client;
    }

    Options options() {
        return options;
    }

    Images images() {
        return images;
    }

    boolean isDead(String node) {
        return dead.contains(node);
    }

    /** The pod as it is now, or null when it is gone. */
    @Nullable
    Pod current(Pod pod) {
        var metadata = pod.getMetadata();
        var now = pods.getStore().getByKey(metadata.getNamespace() + "/" + metadata.getName());
        return now != null && now.getMetadata().getUid().equals(metadata.getUid()) ? now : null;
    }

    /** Removes the object of a pod that has ended; returns whether it is gone. */
    boolean delete(HasMetadata pod) {
        var metadata = pod.getMetadata();
        var path = "/api/v1/namespaces/" + metadata.getNamespace() + "/pods/" + metadata.getName();
        try {
            client.raw(
                    path,
                    "DELETE",
                    Map.of(
                            "apiVersion",
                            "v1",
                            "kind",
                            "DeleteOptions",
                            "gracePeriodSeconds",
                            0,
                            "preconditions",
                            Map.of("uid", metadata.getUid())));
            return true;
        } catch (KubernetesClientException e) {
            return e.getCode() == 404 || e.getCode() == 409;
        }
    }

    void failed(PodRun run, Exception why) {
        failures.add(run.name() + ": " + why);
    }

    void ended(PodRun run) {
        addresses.giveBack(run.address());
    }
}
