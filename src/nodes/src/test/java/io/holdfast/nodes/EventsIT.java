package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.api.Revision;
import io.holdfast.server.SseClient;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EventsIT {

    private static final int ROUNDS = 30;

    @RegisterExtension
    final Nodes nodes = new Nodes(3, blueprint -> blueprint.with("holdfast.events.bookmark", "500ms"));

    private int round;

    /** Takes and releases locks, and returns the revision of the last release. */
    private Revision work(Client client, String session) throws IOException {
        for (var i = 0; i < ROUNDS; i++) {
            round++;
            Client.granted(client.take("grant-" + round, session, "events/" + round % 3, "0s"));
            Client.expect(204, client.release("grant-" + round));
        }
        return applied(client);
    }

    private static Revision applied(Client client) {
        return Revision.parse(client.insist("GET", "/v1/locks/events/0", "")
                .body()
                .get("revision")
                .asText());
    }

    private URI events(int node, String query) {
        return nodes.ensemble().uri(node).resolve("/v1/events" + query);
    }

    /** Reads on until a message says that everything up to there was said; by revision. */
    private static String readTo(SseClient stream, Revision end, TreeMap<Revision, JsonNode> read)
            throws InterruptedException {
        var last = "";
        while (last.isEmpty() || Revision.parse(last).compareTo(end) < 0) {
            var event = stream.next();
            assertTrue(List.of("change", "bookmark").contains(event.event()), () -> "unexpected " + event);
            if (event.event().equals("change")) {
                var twice = read.put(Revision.parse(event.id()), told(event.data()));
                assertEquals(null, twice, () -> event.id() + " was said twice");
            }
            last = event.id();
        }
        return last;
    }

    /** Of what happened to the ensemble itself each node says when it heard of it, by its own clock. */
    private static JsonNode told(JsonNode change) {
        var kinds = change.findValuesAsText("kind");
        if (Set.of("leader-changed", "member-changed").containsAll(kinds)) {
            ((ObjectNode) change).remove("at");
        }
        return change;
    }

    /** What a node says of the whole past up to {@code end}, in batches. */
    private TreeMap<Revision, JsonNode> past(int node, Revision end) throws IOException {
        var client = new Client(nodes.ensemble(), node);
        var read = new TreeMap<Revision, JsonNode>();
        var next = "0-1";
        while (Revision.parse(next).compareTo(end) < 0) {
            var batch = client.ask(node, "GET", "/v1/events?poll=5s&limit=50&since=" + next, "", "application/json");
            assertEquals(200, batch.status(), batch.toString());
            for (var event : batch.body().get("events")) {
                assertEquals("change", event.get("event").asText());
                read.put(Revision.parse(event.get("id").asText()), told(event.get("data")));
            }
            next = batch.text("next");
        }
        read.tailMap(end, false).clear();
        return read;
    }

    @Test
    void aReaderGoesOnElsewhereAfterItsNodeWasKilledWithoutAGapOrADuplicate() throws Exception {
        var ensemble = nodes.ensemble();
        ensemble.start();
        var killed = ensemble.awaitLeader();
        var other = 1 + killed % 3;
        var third = 1 + other % 3;
        var client = new Client(ensemble, other);
        var session = client.openSession();
        var read = new TreeMap<Revision, JsonNode>();
        String last;
        try (var stream = new SseClient(events(killed, "?since=0-0"), null)) {
            last = readTo(stream, work(client, session), read);
            work(client, session);
            ensemble.node(killed).kill();
        }
        var end = work(client, session);
        try (var stream = new SseClient(events(other, ""), last)) {
            readTo(stream, end, read);
        }
        read.tailMap(end, false).clear();

        assertEquals(past(third, end), read);
        assertTrue(read.size() > 6 * ROUNDS, () -> read.size() + " changes prove nothing");

        ensemble.node(killed).start();
        ensemble.awaitReady();
        assertEquals(past(killed, end), read, "the log's replay has the same history");
    }

    @Test
    void anAttachedSessionSurvivesTheLeaderAndGoesOnAtAnotherNode() throws Exception {
        var ensemble = nodes.ensemble();
        ensemble.start();
        var leader = ensemble.awaitLeader();
        var follower = ensemble.follower();
        var last = 6 - leader - follower;
        var client = new Client(ensemble, last);
        var session = Client.expect(201, client.insist("POST", "/v1/sessions", "{\"ttl\":\"10s\"}"))
                .text("id");
        Client.granted(client.take("held", session, "attached", "0s"));
        try (var attached = new SseClient(attach(follower, session), null)) {
            assertEquals("held", attached.next().data().at("/grants/0/id").asText());
            ensemble.node(leader).kill();
            var elapsed = new ArrayList<Long>();
            while (elapsed.isEmpty() || elapsed.get(elapsed.size() - 1) < 21_000) {
                var renewed = attached.next();
                assertEquals("renewed", renewed.event());
                elapsed.add(renewed.data().get("elapsedMs").asLong());
            }
            ensemble.node(leader).start();
            ensemble.awaitReady();
            ensemble.node(follower).kill();
        }
        try (var attached = new SseClient(attach(last, session), null)) {
            assertEquals("held", attached.next().data().at("/grants/0/id").asText());
            assertEquals("renewed", attached.next().event());
        }
    }

    private URI attach(int node, String session) {
        return nodes.ensemble().uri(node).resolve("/v1/sessions/" + session + "/attach");
    }
}
