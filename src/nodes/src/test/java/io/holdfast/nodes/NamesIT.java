package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Ensemble;
import io.holdfast.ensemble.Eventually;
import io.holdfast.ensemble.NodeProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Members that are known by host names: those of pods come late, and move. */
class NamesIT {

    private static final Duration BOUND = Duration.ofMinutes(2);

    /** Where nodes listen for clients, and for each other; the default is every interface, of IPv4 and of IPv6. */
    private static final List<List<String>> INTERFACES = List.of(
            List.of("-Dquarkus.http.host=::1"),
            List.of("-Dholdfast.insecure=true", "-Dquarkus.http.host=::", "-Dholdfast.peer.host=::"),
            List.of("-Dholdfast.insecure=true", "-Dholdfast.peer.host=0.0.0.0"));

    @RegisterExtension
    final Nodes three = new Nodes(3);

    private final Map<String, String> hosts = new TreeMap<>();
    private final List<NodeProcess> running = new ArrayList<>();

    @AfterEach
    void killAll() {
        running.forEach(NodeProcess::close);
    }

    @Test
    void aNameThatIsNotThereYetIsAPeerThatIsDownAndOneThatMovesIsFound() throws Exception {
        // All of them found the ensemble, so all have names at first.
        for (var id = 1; id <= 3; id++) {
            hosts("node-" + id, "127.0.0." + id);
        }
        for (var id = 1; id <= 3; id++) {
            start(id, "127.0.0." + id);
        }
        for (var id = 1; id <= 3; id++) {
            awaitReady(id);
        }
        stopLast();
        hosts.remove("node-3");
        hosts("node-1", "127.0.0.1");
        start(3, "127.0.0.3");
        awaitReady(1);
        awaitReady(2);
        awaitAnswer(3, "/q/health/live");
        assertFalse(isReady(3), "nobody could have found node 3");

        hosts("node-3", "127.0.0.3");
        awaitReady(3);

        stopLast();
        hosts("node-3", "127.0.0.33");
        start(3, "127.0.0.33");
        awaitReady(3);
    }

    private void stopLast() throws Exception {
        running.get(running.size() - 1).stop();
    }

    /** Peers, clients and what a node says of the addresses, all of IPv6. */
    @Test
    void anEnsembleRunsOnIpv6Alone() throws Exception {
        var ensemble = three.ensemble();
        for (var id = 1; id <= 3; id++) {
            var command = new ArrayList<>(ensemble.command(id, ensemble.dataDirectory(id)));
            command.remove("-Dquarkus.http.host=127.0.0.1");
            command.replaceAll(option -> option.replaceAll("(\\d+)@127\\.0\\.0\\.1:", "$1@[::1]:"));
            command.addAll(1, INTERFACES.get(id - 1));
            var node = new NodeProcess(
                    "ipv6-" + id, command, ensemble.dataDirectory(id).getParent());
            node.start();
            running.add(node);
        }
        var members = Pattern.compile("-Dholdfast\\.members=(.*)");
        var port = Pattern.compile("-Dquarkus\\.http\\.port=(.*)");
        for (var id = 1; id <= 3; id++) {
            var command = String.join("\n", ensemble.command(id, ensemble.dataDirectory(id)));
            var base = "http://[::1]:" + group(port, command);
            Eventually.await("node " + id + " is ready", BOUND, () -> status(base + "/q/health/ready") == 200);
            for (var member : group(members, command).split(",")) {
                var address = member.replaceAll(".*@127\\.0\\.0\\.1", "[::1]");
                assertTrue(body(base + "/v1/cluster").contains('"' + address + '"'), address);
            }
        }
    }

    private static String group(Pattern pattern, String text) {
        var matcher = pattern.matcher(text);
        assertTrue(matcher.find(), text);
        return matcher.group(1);
    }

    private static int status(String uri) {
        try {
            return get(uri).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String body(String uri) throws IOException, InterruptedException {
        return get(uri).body();
    }

    private static HttpResponse<String> get(String uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The name service of all nodes; each JVM reads the file anew for what it has not cached. */
    private void hosts(String name, String address) throws IOException {
        hosts.put(name, address);
        var lines = new StringBuilder();
        hosts.forEach((host, ip) -> lines.append(ip).append(' ').append(host).append('\n'));
        var next = hostsFile().resolveSibling("hosts.next");
        Files.createDirectories(next.getParent());
        Files.writeString(next, lines);
        Files.move(next, hostsFile(), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path hostsFile() {
        return three.ensemble().dataDirectory(1).resolveSibling("hosts");
    }

    private void start(int id, String address) throws IOException {
        Ensemble ensemble = three.ensemble();
        var command = new ArrayList<>(ensemble.command(id, ensemble.dataDirectory(id)));
        command.replaceAll(NamesIT::named);
        command.add(1, "-Djdk.net.hosts.file=" + hostsFile());
        // The system's wish to remember names for an hour, found or not: a node must not heed it.
        command.add(1, "-Dsun.net.inetaddr.ttl=3600");
        command.add(1, "-Dsun.net.inetaddr.negative.ttl=3600");
        command.add(1, "-Dholdfast.peer.host=" + address);
        var node = new NodeProcess("named-" + id, command, hostsFile().getParent());
        node.start();
        running.add(node);
    }

    /** The members by the names of their hosts, each on the port that it has anyway. */
    private static String named(String option) {
        return option.startsWith("-Dholdfast.members=")
                ? option.replaceAll("(\\d+)@127\\.0\\.0\\.1:", "$1@node-$1:")
                : option;
    }

    private void awaitReady(int id) throws Exception {
        awaitAnswer(id, "/q/health/ready");
    }

    private void awaitAnswer(int id, String path) throws Exception {
        Eventually.await(
                "node " + id + " answers " + path,
                BOUND,
                () -> !three.ensemble().get(id, path).isEmpty());
    }

    private boolean isReady(int id) {
        return !three.ensemble().get(id, "/q/health/ready").isEmpty();
    }
}
