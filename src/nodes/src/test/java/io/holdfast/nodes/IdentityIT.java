package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.holdfast.ensemble.Eventually;
import io.holdfast.ensemble.history.History;
import io.holdfast.ensemble.history.HistoryCheck;
import io.holdfast.server.replica.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Nodes that are upgraded one by one and lose their disks, while clients use them: one ensemble through all of it,
 * since a node takes seconds to start.
 */
class IdentityIT {

    private static final Duration BOUND = Duration.ofMinutes(3);
    private static final int LOCKS = 2;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Which read a file of settings that can be changed between two starts. */
    @RegisterExtension
    final Nodes nodes = new Nodes(
            3,
            blueprint -> blueprint.with(
                    "smallrye.config.locations", file(blueprint.directory()).toString()));

    private final History history = new History();
    private SteadyLoad load;

    private static Path file(Path directory) {
        return directory.resolve("node.properties");
    }

    /** What every node that starts from now on reads. */
    private void settings(int protocolMax, boolean readmit) throws IOException {
        var directory = nodes.ensemble().dataDirectory(1).getParent();
        Files.writeString(
                file(directory),
                "holdfast.peer.protocol-max=%d%nholdfast.membership.readmit=%s%n".formatted(protocolMax, readmit));
    }

    @Test
    void aRollingUpgradeAndLostDisksLoseNothing() throws Exception {
        var ensemble = nodes.ensemble();
        settings(1, false);
        ensemble.start();
        try (var clients = new SteadyLoad(ensemble, history, LOCKS)) {
            load = clients;
            settings(2, false);
            theLevelRisesWithTheLastNode();
            var first = ensemble.follower();
            // The leader still has nobody vote again by itself; whoever starts from now on would.
            settings(2, true);
            losesItsDisk(first);
            observesUntilSomebodyAsksForItsVote(first);
            new Members(ensemble).lead(first);
            var second = ensemble.follower();
            losesItsDisk(second);
            Eventually.await("node " + second + " votes again by itself", BOUND, () -> votesWithItsDisk(second));
            awaitProgress(4 * LOCKS, "with the new disks");
            load.stop();
        }
        assertEquals("", String.join("\n", HistoryCheck.violations(history)));
        settings(1, true);
        isTooOldNow(ensemble.follower());
        new Client(ensemble, ensemble.awaitLeader()).openSession();
    }

    private void theLevelRisesWithTheLastNode() throws Exception {
        var ensemble = nodes.ensemble();
        for (var id = 1; id <= ensemble.size(); id++) {
            awaitProgress(4 * LOCKS, "before node " + id + " is upgraded");
            assertEquals(List.of(1, 1, 1), levels(), "before node " + id + " is upgraded");
            ensemble.node(id).stop();
            ensemble.node(id).start();
            ensemble.awaitReady();
        }
        Eventually.await("the level rises", BOUND, () -> levels().equals(List.of(2, 2, 2)));
        for (var id = 1; id <= ensemble.size(); id++) {
            var voter = id;
            Eventually.await("node " + id + " is bound to its disk", BOUND, () -> votesWithItsDisk(voter));
        }
    }

    private void losesItsDisk(int id) throws Exception {
        var ensemble = nodes.ensemble();
        ensemble.node(id).kill();
        try (var files = Files.walk(ensemble.dataDirectory(id))) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        ensemble.node(id).start();
        ensemble.awaitReady(id);
    }

    private void observesUntilSomebodyAsksForItsVote(int id) throws Exception {
        var ensemble = nodes.ensemble();
        Eventually.await("the leader sees that node " + id + " observes", BOUND, () -> observes(id));
        var bound = member(id).path("votingDisk").asText();
        awaitProgress(100 * LOCKS, "while node " + id + " observes");
        assertTrue(observes(id), () -> "it votes: " + member(id));
        assertNotEquals(bound, member(id).path("disk").asText());
        assertEquals(bound, member(id).path("votingDisk").asText());
        new Members(ensemble).promote(id);
        Eventually.await("node " + id + " votes again", BOUND, () -> votesWithItsDisk(id));
    }

    private void isTooOldNow(int id) throws Exception {
        var old = nodes.ensemble().node(id);
        old.stop();
        old.start();
        assertEquals(ExitCode.DIRECTORY_REFUSED.code(), old.awaitExit(BOUND));
        assertTrue(old.log().contains("Raise holdfast.peer.protocol-max"), old::toString);
    }

    private boolean observes(int id) {
        var seen = member(id);
        return seen.path("role").asText().equals("voter")
                && seen.path("state").asText().equals("observer")
                && seen.path("phase").asText().equals("broadcast");
    }

    private boolean votesWithItsDisk(int id) {
        var seen = member(id);
        return seen.path("state").asText().matches("leader|follower")
                && seen.hasNonNull("disk")
                && seen.path("disk").equals(seen.path("votingDisk"));
    }

    /** What the leader sees of a member; missing while nobody leads. */
    private JsonNode member(int id) {
        for (var member : cluster(leader()).path("members")) {
            if (member.path("id").asInt() == id) {
                return member;
            }
        }
        return MissingNode.getInstance();
    }

    private int leader() {
        try {
            return nodes.ensemble().awaitLeader();
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private List<Integer> levels() {
        return List.of(1, 2, 3).stream()
                .map(id -> cluster(id).path("level").asInt())
                .toList();
    }

    private JsonNode cluster(int id) {
        try {
            return JSON.readTree(nodes.ensemble().get(id, "/v1/cluster"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Clients get that many grants more. */
    private void awaitProgress(int grants, String when) throws Exception {
        var before = history.size();
        Eventually.await("the load goes on " + when, BOUND, () -> {
            load.throwFailure();
            return history.size() >= before + grants;
        });
    }
}
