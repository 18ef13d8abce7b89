package io.holdfast.bench;

import io.holdfast.ensemble.Blueprint;
import io.holdfast.ensemble.Eventually;
import io.holdfast.ensemble.FreePorts;
import io.holdfast.ensemble.NodeProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;

/** Three ZooKeeper servers as their documentation sets them up, from this generator's own class path. */
final class ZooKeeper implements LockSystem {

    private static final Duration BOUND = Duration.ofSeconds(60);

    private final List<Integer> ports;
    private final List<NodeProcess> nodes = new ArrayList<>();

    ZooKeeper(Path directory) throws IOException {
        this.ports = FreePorts.find(3 * NODES);
        for (var id = 1; id <= NODES; id++) {
            nodes.add(new NodeProcess("zookeeper-" + id, command(configure(id, directory)), directory));
        }
    }

    @Override
    public String name() {
        return "ZooKeeper, Curator's mutex";
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
        return new CuratorLockClient(port(node));
    }

    @Override
    public int leader() throws TimeoutException {
        return IntStream.rangeClosed(1, NODES)
                .filter(node -> status(node).contains("Mode: leader"))
                .findFirst()
                .orElseThrow(() -> new TimeoutException("no ZooKeeper server leads"));
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
                    "ZooKeeper server " + id + " serves",
                    BOUND,
                    () -> status(node).contains("Mode: "));
        }
    }

    private int port(int node) {
        return ports.get(node - 1);
    }

    /** The answer to the four letters, or nothing when nobody serves. */
    private String status(int node) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port(node))) {
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException down) {
            return "";
        }
    }

    private Path configure(int id, Path directory) throws IOException {
        var data = Files.createDirectories(directory.resolve("zookeeper-data-" + id));
        Files.writeString(data.resolve("myid"), Integer.toString(id));
        var lines = new ArrayList<>(List.of(
                "tickTime=2000",
                "initLimit=10",
                "syncLimit=5",
                "maxClientCnxns=0",
                "admin.enableServer=false",
                "4lw.commands.whitelist=srvr",
                "dataDir=" + data,
                "clientPortAddress=127.0.0.1",
                "clientPort=" + port(id)));
        for (var each = 1; each <= NODES; each++) {
            lines.add("server.%d=127.0.0.1:%d:%d"
                    .formatted(each, ports.get(NODES + each - 1), ports.get(2 * NODES + each - 1)));
        }
        return Files.write(directory.resolve("zoo-" + id + ".cfg"), lines);
    }

    private static List<String> command(Path configuration) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Blueprint.SMALL_JVM);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), QuorumPeerMain.class.getName()));
        command.add(configuration.toString());
        return command;
    }
}
