package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.Revision;
import io.holdfast.ensemble.Ensemble;
import io.holdfast.ensemble.Eventually;
import io.holdfast.ensemble.PeerNetwork.Way;
import io.holdfast.server.SseClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Observers that followers feed (decision 0018), as processes: what they answer, and what they get over. */
class ObserversIT {

    private static final Duration BOUND = Duration.ofMinutes(3);
    private static final List<Integer> OBSERVERS = List.of(4, 5);
    private static final String EVENTS = "/v1/events?since=0-0&poll=1s";
    private static final String JSON = "application/json";
    private static final Pattern UPSTREAM =
            Pattern.compile("was brought from \\S+ to \\S+ by server (\\d+) by (\\w+) ");

    @RegisterExtension
    final Nodes nodes = new Nodes(
                    5,
                    blueprint -> blueprint
                            .withObservers(2)
                            .with("holdfast.zab.direct-observers", "0")
                            .with("holdfast.zab.reach", "3s")
                            .with("holdfast.zab.sync-limit", "4s")
                            .with("holdfast.zab.fsync-stall", "15s"))
            .behindProxies();

    private int grants;

    @Test
    void observersServeThroughFollowersWhoeverIsKilledAndComeBackWithWhatTheyMissed() throws Exception {
        var ensemble = nodes.ensemble();
        ensemble.start();
        var leader = ensemble.awaitLeader();
        assertTrue(leader <= 3, "an observer leads");
        for (var observer : OBSERVERS) {
            // The leader fed it until it had heard which versions of the protocol it speaks.
            Eventually.await("a follower feeds node " + observer, BOUND, () -> lastFeeder(observer) != leader);
        }
        var client = new Client(ensemble, 4);
        var session = client.openSession();
        var relay = feeder(4);
        try (var stream = new SseClient(ensemble.uri(5).resolve("/v1/events?since=0-0"), null)) {
            work(client, session);

            var epoch = epoch(client);
            ensemble.node(relay).kill();
            work(client, session);
            assertNotEquals(relay, feeder(4), "node 4 is fed by one that was killed");
            ensemble.node(relay).start();
            ensemble.awaitReady();
            Eventually.await("each follower feeds one again", BOUND, () -> lastFeeder(4) != lastFeeder(5));
            assertEquals(epoch, epoch(client), "the leader changed");

            ensemble.node(ensemble.awaitLeader()).kill();
            work(client, session);

            hasAllInOrder(stream, Revision.parse(client.lock("observed").text("revision")));
        }
        for (var id = 1; id <= 3; id++) {
            if (!ensemble.node(id).isAlive()) {
                ensemble.node(id).start();
            }
        }
        ensemble.awaitReady();

        var said = OBSERVERS.stream().map(this::log).map(String::length).toList();
        for (var observer : OBSERVERS) {
            ensemble.node(observer).kill();
        }
        var voter = new Client(ensemble, 1);
        Client.granted(voter.take("missed", session, "missed", "0s"));
        for (var observer : OBSERVERS) {
            ensemble.node(observer).start();
        }
        ensemble.awaitReady();
        for (var i = 0; i < OBSERVERS.size(); i++) {
            var synced = UPSTREAM.matcher(log(OBSERVERS.get(i)).substring(said.get(i)));
            assertTrue(synced.find());
            assertEquals("DIFF", synced.group(2));
            assertEquals("missed", holder(OBSERVERS.get(i), "missed"));
        }
        theLeaderShowsThem(ensemble);
        anObserverThatDoesNotHearOfTheLeaderShowsNothing(client);
    }

    private static long epoch(Client client) {
        return client.insist("GET", "/v1/cluster", "").body().path("epoch").asLong();
    }

    /** It hears its follower as well as ever, which does not hear the leader. */
    private void anObserverThatDoesNotHearOfTheLeaderShowsNothing(Client client) throws Exception {
        var network = nodes.network();
        var leader = nodes.ensemble().awaitLeader();
        var relay = feeder(4);
        var epoch = epoch(client);
        var paths = List.of("/v1/locks/missed?consistency=local", "/v1/locks/missed", EVENTS);
        for (var path : paths) {
            Client.expect(200, client.ask(4, "GET", path, "", JSON));
        }
        for (var other = 1; other <= 5; other++) {
            if (other != 4 && other != relay) {
                network.set(4, other, Way.HELD);
                network.set(other, 4, Way.HELD);
            }
        }
        network.set(leader, relay, Way.HELD);
        network.set(relay, leader, Way.HELD);
        Eventually.await(
                "node 4 shows nothing",
                BOUND,
                () -> problem(client, paths.get(0)).equals("not-ready"));
        assertEquals("no-leader", problem(client, paths.get(1)));
        assertEquals("not-ready", problem(client, EVENTS));
        assertThrows(
                IOException.class, () -> new SseClient(nodes.ensemble().uri(4).resolve("/v1/events"), null));
        assertEquals("not-ready", problem(client, paths.get(0)));
        network.heal();
        Eventually.await(
                "node 4 shows all again",
                BOUND,
                () -> problem(client, paths.get(0)).isEmpty());
        Client.expect(200, client.ask(4, "GET", EVENTS, "", JSON));
        assertEquals("missed", holder(4, "missed"));
        assertEquals(epoch, epoch(client), "the leader changed");
    }

    /** What is wrong with that at node 4; empty when it is answered. */
    private static String problem(Client client, String path) {
        try {
            return Members.problem(client.ask(4, "GET", path, "", JSON));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes, keepalives and reads at node 4, and a read at node 5 that must see them. */
    private void work(Client client, String session) throws Exception {
        awaitAnswer(client, 4, session);
        awaitAnswer(client, 5, session);
        for (var i = 0; i < 10; i++) {
            var grant = "grant-" + ++grants;
            client.turnTo(4);
            Client.granted(client.take(grant, session, "observed", "0s"));
            Client.expect(200, client.insist("POST", "/v1/sessions/" + session + "/keepalive", ""));
            assertEquals(grant, holder(5, "observed"));
            Client.expect(204, client.release(grant));
        }
    }

    /** Until this very node has confirmed a keepalive, which its leader and a quorum must have heard. */
    private static void awaitAnswer(Client client, int node, String session) throws Exception {
        Eventually.await("node " + node + " serves", BOUND, () -> {
            try {
                return client.ask(node, "POST", "/v1/sessions/" + session + "/keepalive", "")
                                .status()
                        == 200;
            } catch (IOException e) {
                return false;
            }
        });
    }

    private String holder(int node, String lock) {
        var client = new Client(nodes.ensemble(), node);
        return client.lock(lock).body().at("/holders/0/grant").asText();
    }

    /** Every grant was said once, in order. */
    private void hasAllInOrder(SseClient stream, Revision end) throws InterruptedException {
        var changes = new TreeSet<Revision>();
        var last = Revision.parse("0-1");
        while (last.compareTo(end) < 0) {
            var event = stream.next();
            assertTrue(List.of("change", "bookmark").contains(event.event()), () -> "unexpected " + event);
            last = Revision.parse(event.id());
            if (event.event().equals("change")) {
                assertTrue(changes.isEmpty() || changes.last().compareTo(last) < 0, () -> event + " is out of order");
                changes.add(last);
            }
        }
        assertTrue(changes.size() >= 2 * grants, () -> changes.size() + " changes of " + grants + " grants");
    }

    private static void theLeaderShowsThem(Ensemble ensemble) throws Exception {
        var leader = new Client(ensemble, ensemble.awaitLeader());
        Eventually.await("the leader knows how far its observers are", BOUND, () -> {
            var members = leader.insist("GET", "/v1/cluster", "").body().path("members");
            return OBSERVERS.stream().allMatch(observer -> {
                var member = members.path(observer - 1);
                return member.path("state").asText().equals("observer")
                        && member.path("phase").asText().equals("broadcast");
            });
        });
    }

    private String log(int node) {
        try {
            return nodes.ensemble().node(node).log();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Who brought the node up to date last, as its own log says. */
    private int feeder(int node) throws Exception {
        Eventually.await(
                "node " + node + " was brought up to date",
                BOUND,
                () -> UPSTREAM.matcher(log(node)).find());
        return lastFeeder(node);
    }

    private int lastFeeder(int node) {
        return UPSTREAM.matcher(log(node))
                .results()
                .map(found -> Integer.parseInt(found.group(1)))
                .reduce(0, (first, later) -> later);
    }
}
