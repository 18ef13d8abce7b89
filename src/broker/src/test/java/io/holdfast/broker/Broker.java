package io.holdfast.broker;

import io.holdfast.ensemble.Eventually;
import io.holdfast.ensemble.FreePorts;
import io.holdfast.ensemble.NodeProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** A Kafka broker that is its own controller, as a process on the loopback address; it keeps its port over restarts. */
final class Broker implements AutoCloseable {

    private static final Duration START_BOUND = Duration.ofMinutes(3);
    private static final String CLUSTER = "4L6g3nShT-eMCtK--X86sw";

    private final int port;
    private final NodeProcess process;

    Broker(Path directory) throws IOException, TimeoutException {
        var ports = FreePorts.find(2);
        port = ports.get(0);
        Files.createDirectories(directory);
        var settings = Files.writeString(
                directory.resolve("broker.properties"), """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
                controller.listener.names=CONTROLLER
                log.dirs=%3$s
                num.partitions=1
                offsets.topic.replication.factor=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                group.initial.rebalance.delay.ms=0
                """.formatted(port, ports.get(1), directory.resolve("log")));
        var format = new NodeProcess(
                "broker-format",
                command("kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", settings.toString()),
                directory);
        format.start();
        if (format.awaitExit(START_BOUND) != 0) {
            throw new IOException(format.log());
        }
        process = new NodeProcess("broker", command("kafka.Kafka", settings.toString()), directory);
    }

    private static List<String> command(String main, String... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main));
        command.addAll(List.of(arguments));
        return command;
    }

    void start() throws IOException, TimeoutException {
        process.start();
        Eventually.await("the broker listens", START_BOUND, () -> {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    void kill() throws TimeoutException {
        process.kill();
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    String log() throws IOException {
        return process.log();
    }

    @Override
    public void close() {
        process.close();
    }
}
