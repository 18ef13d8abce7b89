package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.ensemble.Ensemble;
import io.holdfast.ensemble.Eventually;
import io.holdfast.ensemble.NodeProcess;
import io.holdfast.ensemble.history.History;
import io.holdfast.ensemble.history.HistoryCheck;
import io.holdfast.ensemble.history.Hold;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An ensemble is backed up under load, ends, and goes on: from its backup, and from what one node has. */
class BackupIT {

    private static final int LOCKS = 2;
    private static final Duration BOUND = Duration.ofMinutes(3);
    private static final Pattern CODE = Pattern.compile("--confirm ([0-9a-f]{4}-[0-9a-f]{4})");

    @RegisterExtension
    final Nodes nodes = Nodes.patient(3);

    @Test
    void whatWasAcknowledgedBeforeTheBackupIsThereAndNoTokenIsGivenTwice() throws Exception {
        Ensemble ensemble = nodes.ensemble();
        ensemble.start();
        Path directory = ensemble.dataDirectory(1).getParent();
        OperationsPage page = new OperationsPage(directory)
                .means("7201", ensemble.port(ensemble.follower()))
                .means("10.0.0.1:7101", "127.0.0.1:" + peerPort(ensemble, 1));
        Client client = new Client(ensemble, 1);
        JsonNode before = hold(client);
        History history = new History();
        try (var load = new SteadyLoad(ensemble, history, LOCKS)) {
            awaitProgress(load, history, "before the backup");
            List<String> commands = OperationsPage.commands("backup");
            assertEquals(1, commands.size());
            page.run(commands.get(0), 0);
            awaitProgress(load, history, "after the backup");
            load.stop();
        }
        assertEquals(List.of(), HistoryCheck.violations(history));
        long highest = history.holds().stream().mapToLong(Hold::token).max().orElseThrow();
        for (String command : OperationsPage.commands("verify")) {
            String said = page.run(command, 0);
            assertTrue(said.contains("node 3 at 127.0.0.1:"), said);
        }
        for (int id = 1; id <= 3; id++) {
            ensemble.node(id).kill();
        }

        for (String command : OperationsPage.commands("restore")) {
            page.run(command, 0);
            page.run(command, 73);
        }
        long restored = goesOn(ensemble, 1, directory.resolve("restored-1"), before, highest, true);

        highest = Math.max(highest, restored);
        List<String> commands = OperationsPage.commands("recover");
        assertEquals(2, commands.size(), commands::toString);
        var code = CODE.matcher(page.run(commands.get(0), 0));
        assertTrue(code.find());
        page.run(commands.get(1), 64);
        page.means(commands.get(1).substring(commands.get(1).lastIndexOf(' ') + 1), code.group(1));
        page.run(commands.get(1), 0);
        long recovered = goesOn(ensemble, 3, ensemble.dataDirectory(3), before, highest, false);
        assertNotEquals(restored, recovered);
    }

    /** Takes some locks and lets others wait for them. */
    private static JsonNode hold(Client client) throws IOException {
        String session = client.openSession();
        for (int i = 0; i < 5; i++) {
            Client.granted(client.take("holder-" + i, session, "kept/" + i, "0s"));
        }
        Client.expect(202, client.take("next", client.openSession(), "kept/0", "1h"));
        return locks(client, 1);
    }

    /**
     * A node alone on a directory has every lock, goes on with higher tokens, and turns a node of before away; then it
     * may grow. Returns the highest token that was given.
     */
    private static long goesOn(Ensemble ensemble, int id, Path data, JsonNode before, long highest, boolean grows)
            throws Exception {
        int old = 2;
        try (NodeProcess alone = new NodeProcess("alone-" + id, ensemble.command(id, data), data.getParent());
                NodeProcess ofBefore = new NodeProcess(
                        "of-before-" + id, ensemble.command(old, ensemble.dataDirectory(old)), data.getParent())) {
            alone.start();
            Client client = new Client(ensemble, id);
            Eventually.await(
                    "node " + id + " serves alone",
                    BOUND,
                    () -> ensemble.get(id, "/v1/cluster").contains("\"leader\":" + id));
            assertEquals(before, locks(client, id));
            ofBefore.start();
            String told = "empty the data directory of server " + old + " and add it again";
            Eventually.await(
                    "the node of before is turned away",
                    BOUND,
                    () -> log(ofBefore).contains(told));
            String session = client.openSession();
            var granted = Client.granted(client.take("after-" + id, session, "after/" + id, "0s"));
            long token = granted.body().path("token").asLong();
            assertTrue(token > highest, () -> token + " was given after " + highest);
            Client.expect(204, client.release("holder-0"));
            var next = client.lock("kept/0").body().path("holders").path(0);
            assertEquals("next", next.path("grant").asText());
            assertTrue(next.path("token").asLong() > token, next::toString);
            ofBefore.kill();
            return grows ? grow(ensemble, alone, client) : next.path("token").asLong();
        }
    }

    /** Nodes 2 and 3 join the restored node and get votes; then they do without it. Returns the highest token. */
    private static long grow(Ensemble ensemble, NodeProcess restored, Client client) throws Exception {
        Path directory = ensemble.dataDirectory(1).getParent();
        try (NodeProcess second = joining(ensemble, 2, directory);
                NodeProcess third = joining(ensemble, 3, directory)) {
            second.start();
            third.start();
            waitsToBeLetIn(ensemble, client, 2);
            for (int id : List.of(2, 3)) {
                String member = "{\"id\":%d,\"address\":\"127.0.0.1:%s\"}".formatted(id, peerPort(ensemble, id));
                Client.expect(201, client.ask(1, "POST", "/v1/cluster/members", member));
            }
            for (int id : List.of(2, 3)) {
                ensemble.awaitReady(id);
                Client.expect(200, client.ask(1, "PATCH", "/v1/cluster/members/" + id, "{\"role\":\"voter\"}"));
            }
            JsonNode grown = locks(client, 1);
            restored.kill();
            client.turnTo(2);
            String session = client.openSession();
            var granted = Client.granted(client.take("grown", session, "grown", "0s"));
            assertEquals(grown, locks(client, 3));
            return granted.body().path("token").asLong();
        }
    }

    private static NodeProcess joining(Ensemble ensemble, int id, Path directory) throws IOException {
        List<String> command = ensemble.command(id, directory.resolve("joined-" + id)).stream()
                .map(word -> word.startsWith("-Dholdfast.members=")
                        ? "-Dholdfast.join=127.0.0.1:" + peerPort(ensemble, 1)
                        : word)
                .toList();
        return new NodeProcess("joined-" + id, command, directory);
    }

    /** Whoever looks after that node sees that it lives, and what it waits for. */
    private static void waitsToBeLetIn(Ensemble ensemble, Client client, int id) throws Exception {
        Eventually.await(
                "node " + id + " answers",
                BOUND,
                () -> !ensemble.get(id, "/q/health/live").isEmpty());
        assertTrue(ensemble.get(id, "/q/health/started").contains("UP"));
        var ready = Client.expect(503, client.ask(id, "GET", "/q/health/ready", ""));
        var cluster = Client.expect(503, client.ask(id, "GET", "/v1/cluster", ""));
        assertEquals("not-ready", Members.problem(cluster));
        for (String told : List.of(ready.body().findValue("reason").asText(), cluster.text("detail"))) {
            assertTrue(told.contains("lets it in: add it"), told);
        }
        Client.expect(503, client.ask(id, "POST", "/v1/sessions", "{}"));
        Client.expect(503, client.ask(id, "GET", "/v1/locks/kept/0?consistency=local", ""));
        assertTrue(ensemble.get(id, "/q/metrics").contains("holdfast_synced"));
    }

    private static String log(NodeProcess node) {
        try {
            return node.log();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String peerPort(Ensemble ensemble, int id) {
        String key = "-Dholdfast.peer.port=";
        return ensemble.command(id, ensemble.dataDirectory(id)).stream()
                .filter(word -> word.startsWith(key))
                .findFirst()
                .orElseThrow()
                .substring(key.length());
    }

    private static void awaitProgress(SteadyLoad load, History history, String when) throws Exception {
        int done = history.size();
        Eventually.await("the load goes on " + when, BOUND, () -> {
            load.throwFailure();
            return history.size() >= done + 20 * LOCKS;
        });
    }

    /** All locks that are kept, as a node shows them, without what depends on the moment. */
    private static JsonNode locks(Client client, int node) throws IOException {
        var page = Client.expect(200, client.ask(node, "GET", "/v1/locks?prefix=kept/", ""))
                .body();
        for (var parent : page.findParents("grant")) {
            ((ObjectNode) parent).remove(List.of("heldMs", "waitedMs", "ttlLeftMs"));
        }
        for (var parent : page.findParents("revision")) {
            ((ObjectNode) parent).remove("revision");
        }
        return page;
    }
}
