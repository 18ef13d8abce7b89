package io.holdfast.bench;

import io.holdfast.ensemble.Eventually;
import io.holdfast.ensemble.FreePorts;
import io.holdfast.ensemble.NodeProcess;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Three etcd members with their defaults, from the {@code etcd} that is on the path. */
final class Etcd implements LockSystem {

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final Pattern SELF = Pattern.compile("\"member_id\":\"(\\d+)\"");
    private static final Pattern LEADER = Pattern.compile("\"leader\":\"(\\d+)\"");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Vertx vertx;
    private final NetClient net;
    private final List<Integer> ports;
    private final List<NodeProcess> nodes = new ArrayList<>();

    Etcd(Vertx vertx, NetClient net, Path directory) throws IOException {
        this.vertx = vertx;
        this.net = net;
        this.ports = FreePorts.find(2 * NODES);
        for (var id = 1; id <= NODES; id++) {
            nodes.add(new NodeProcess("etcd-" + id, command(id, directory), directory));
        }
    }

    /** Whether there is an etcd to measure. */
    static boolean isInstalled() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "etcd")));
    }

    @Override
    public String name() {
        return "etcd, lock service by JSON";
    }

    @Override
    public void start() throws IOException, TimeoutException {
        for (var node : nodes) {
            node.start();
        }
        awaitAll();
    }

    @Override
    public LockClient client(int node) {
        return new EtcdClient(vertx, net, ports.get(node - 1));
    }

    @Override
    public int leader() throws TimeoutException {
        return IntStream.rangeClosed(1, NODES)
                .filter(node -> {
                    var self = SELF.matcher(status(node));
                    var leader = LEADER.matcher(status(node));
                    return self.find() && leader.find() && self.group(1).equals(leader.group(1));
                })
                .findFirst()
                .orElseThrow(() -> new TimeoutException("no etcd member leads"));
    }

    @Override
    public void kill(int node) throws TimeoutException {
        nodes.get(node - 1).kill();
    }

    @Override
    public void restart(int node) throws IOException, TimeoutException {
        nodes.get(node - 1).start();
        awaitAll();
    }

    @Override
    public Duration cpu() {
        return nodes.stream().map(NodeProcess::cpu).reduce(Duration.ZERO, Duration::plus);
    }

    @Override
    public void close() {
        nodes.forEach(NodeProcess::close);
    }

    private void awaitAll() throws TimeoutException {
        for (var id = 1; id <= NODES; id++) {
            var node = id;
            Eventually.await(
                    "etcd member " + id + " knows a leader",
                    BOUND,
                    () -> LEADER.matcher(status(node)).find());
        }
    }

    private String status(int node) {
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + ports.get(node - 1) + "/v3/maintenance/status"))
                .timeout(Duration.ofSeconds(1))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException down) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private List<String> command(int id, Path directory) {
        var client = "http://127.0.0.1:" + ports.get(id - 1);
        var all = IntStream.rangeClosed(1, NODES)
                .mapToObj(each -> "m" + each + "=" + peer(each))
                .collect(Collectors.joining(","));
        return List.of(
                "etcd",
                "--name=m" + id,
                "--data-dir=" + directory.resolve("etcd-data-" + id),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer(id),
                "--initial-advertise-peer-urls=" + peer(id),
                "--initial-cluster=" + all);
    }

    private String peer(int id) {
        return "http://127.0.0.1:" + ports.get(NODES + id - 1);
    }
}
