package io.holdfast.ensemble;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Holdfast nodes on the loopback address, numbered from 1, on free ports that they keep over restarts.
 *
 * <p>Used by one thread.
 */
public final class Ensemble implements AutoCloseable {

    private static final Duration READY_BOUND = Duration.ofMinutes(3);
    private static final Pattern LEADER = Pattern.compile("\"leader\"\\s*:\\s*(\\d+)");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();
    private final Blueprint blueprint;
    private final List<Integer> httpPorts;
    private final List<Integer> peerPorts;
    private final String members;
    private final List<NodeProcess> nodes = new ArrayList<>();

    /** An ensemble of which no node runs yet. */
    public Ensemble(Blueprint blueprint) throws IOException {
        this(blueprint, (id, port) -> port);
    }

    /** An ensemble of which no node runs yet, and whose nodes reach each other through this network alone. */
    public Ensemble(Blueprint blueprint, PeerNetwork network) throws IOException {
        this(blueprint, (PeerAddress) network::standBefore);
    }

    private Ensemble(Blueprint blueprint, PeerAddress addresses) throws IOException {
        var count = blueprint.nodes();
        var ports = FreePorts.find(2 * count);
        this.blueprint = blueprint;
        this.httpPorts = ports.subList(0, count);
        this.peerPorts = ports.subList(count, 2 * count);
        var addressed = new ArrayList<String>();
        for (var id = 1; id <= count; id++) {
            var role = id > count - blueprint.observers() ? ":observer" : "";
            addressed.add(id + "@127.0.0.1:" + addresses.of(id, peerPorts.get(id - 1)) + role);
        }
        this.members = String.join(",", addressed);
        for (var id = 1; id <= count; id++) {
            nodes.add(new NodeProcess("node-" + id, command(id, dataDirectory(id)), blueprint.directory()));
        }
    }

    /** Says at which port others find the node that listens for them on {@code port}. */
    private interface PeerAddress {
        int of(int id, int port) throws IOException;
    }

    /** Starts all nodes and waits until each is ready. */
    public void start() throws IOException, TimeoutException {
        for (var node : nodes) {
            node.start();
        }
        awaitReady();
    }

    /** One node, started or not. */
    public NodeProcess node(int id) {
        return nodes.get(id - 1);
    }

    public int size() {
        return nodes.size();
    }

    /** Where that node serves HTTP. */
    public URI uri(int id) {
        return URI.create("http://127.0.0.1:" + port(id));
    }

    /** The port on which that node serves HTTP. */
    public int port(int id) {
        return httpPorts.get(id - 1);
    }

    /** Where that node has its log and snapshots. */
    public Path dataDirectory(int id) {
        return blueprint.directory().resolve("data-" + id);
    }

    /** The command that starts a node of this ensemble, on a data directory that may be another's. */
    public List<String> command(int id, Path data) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(blueprint.jvmOptions());
        command.add("-Dquarkus.http.host=127.0.0.1");
        command.add("-Dquarkus.http.port=" + port(id));
        command.add("-Dholdfast.node-id=" + id);
        command.add("-Dholdfast.members=" + members);
        command.add("-Dholdfast.peer.port=" + peerPorts.get(id - 1));
        command.add("-Dholdfast.data-dir=" + data);
        blueprint.settings().forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-jar");
        command.add(blueprint.serverJar().toString());
        return command;
    }

    /** Waits until every node that runs is ready, and one of them leads. */
    public void awaitReady() throws TimeoutException {
        for (var id = 1; id <= size(); id++) {
            var each = id;
            if (node(id).isAlive()) {
                await(node(id) + " is ready", () -> isReady(each));
            }
        }
        awaitLeader();
    }

    /** Waits until a running node leads and every running node says so; returns its number. */
    public int awaitLeader() throws TimeoutException {
        var agreed = new AtomicInteger();
        await("the nodes agree on a leader that runs", () -> {
            agreedLeader().ifPresent(agreed::set);
            return agreed.get() != 0;
        });
        return agreed.get();
    }

    /** Some node that runs and does not lead. */
    public int follower() throws TimeoutException {
        var leader = awaitLeader();
        return running(id -> id != leader).findFirst().orElseThrow();
    }

    /** The body of a GET, or an empty string when there was no answer with 200 within two seconds. */
    public String get(int id, String path) {
        var request = HttpRequest.newBuilder(uri(id).resolve(path))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            var response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? response.body() : "";
        } catch (IOException down) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** Processor time of all nodes since they were started first. */
    public Duration cpu() {
        return nodes.stream().map(NodeProcess::cpu).reduce(Duration.ZERO, Duration::plus);
    }

    /** The last lines of every node's log, for the message of a test that failed. */
    public String logTails(int lines) {
        return nodes.stream().map(node -> tail(node, lines)).collect(Collectors.joining("\n"));
    }

    /** Has every node that runs write to its log where each of its threads is. */
    public void showThreads() throws IOException, TimeoutException {
        for (var node : nodes) {
            if (node.isAlive()) {
                node.thaw();
                node.showThreads();
            }
        }
    }

    /** Kills what runs. */
    @Override
    public void close() {
        nodes.forEach(NodeProcess::close);
    }

    private boolean isReady(int id) {
        return !get(id, "/q/health/ready").isEmpty();
    }

    private OptionalInt agreedLeader() {
        var views = running(id -> true)
                .mapToObj(id -> leaderSeenBy(id).orElse(0))
                .distinct()
                .toList();
        var leader = views.size() == 1 ? views.get(0) : 0;
        return leader > 0 && node(leader).isAlive() ? OptionalInt.of(leader) : OptionalInt.empty();
    }

    private OptionalInt leaderSeenBy(int id) {
        var found = LEADER.matcher(get(id, "/v1/cluster"));
        return found.find() ? OptionalInt.of(Integer.parseInt(found.group(1))) : OptionalInt.empty();
    }

    private IntStream running(IntPredicate which) {
        return IntStream.rangeClosed(1, size()).filter(id -> node(id).isAlive()).filter(which);
    }

    private void await(String what, BooleanSupplier condition) throws TimeoutException {
        try {
            Eventually.await(what, READY_BOUND, condition);
        } catch (TimeoutException e) {
            throw new TimeoutException(e.getMessage() + "\n" + logTails(20));
        }
    }

    private static String tail(NodeProcess node, int lines) {
        try {
            var all = node.log().lines().toList();
            return "--- " + node + (node.isAlive() ? "" : " (not running)") + "\n"
                    + String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
        } catch (IOException e) {
            return "--- " + node + ": " + e.getMessage();
        }
    }
}
