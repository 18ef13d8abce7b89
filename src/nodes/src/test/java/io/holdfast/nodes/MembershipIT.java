package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Eventually;
import io.holdfast.ensemble.PeerNetwork.Way;
import io.holdfast.ensemble.history.History;
import io.holdfast.ensemble.history.HistoryCheck;
import io.holdfast.server.SseClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Members come and go while clients use the ensemble: one ensemble through all of it, since a node takes seconds to
 * start. What clients were told stays true, and leaders change only where one must.
 */
class MembershipIT {

    private static final int LOCKS = 2;
    private static final int MOST = 10;

    /** The longest that a request may be held. */
    private static final Duration HELD = Duration.ofSeconds(55);

    /** More patient than nodes are by default: a machine that starts many of them is no reason to change the leader. */
    @RegisterExtension
    final Nodes nodes = new Nodes(
                    1,
                    blueprint -> blueprint
                            .with("holdfast.zab.reach", "3s")
                            .with("holdfast.zab.sync-limit", "6s")
                            .with("holdfast.zab.init-limit", "60s")
                            .with("holdfast.zab.fsync-stall", "15s")
                            .with("holdfast.limits.in-step-wait", "2m"))
            .behindProxies(MOST);

    private final History history = new History();
    private Members members;
    private SteadyLoad load;
    private Pulse pulse;

    /** Something that is done to the ensemble. */
    private interface Change {
        void happen() throws Exception;
    }

    @Test
    void theMembersOfAnEnsembleAllChangeWhileClientsUseIt() throws Exception {
        var ensemble = nodes.ensemble();
        ensemble.start();
        members = new Members(ensemble);
        try (var clients = new SteadyLoad(ensemble, history, LOCKS);
                var beat = new Pulse(ensemble)) {
            load = clients;
            pulse = beat;
            grow();
            fail();
            replace();
            restart();
            load.stop();
        }
        assertEquals("", String.join("\n", HistoryCheck.violations(history)));
    }

    private void grow() throws Exception {
        stage("one voter becomes three", 0, () -> {
            members.join(2, 3);
            members.promote(2);
            members.promote(3);
        });
        stage("four observers join", 0, () -> members.join(4, 5, 6, 7));
        stage("two observers leave", 0, () -> {
            members.remove(6);
            members.remove(7);
        });
        stage("two observers are given votes at once", 0, () -> {
            atOnce();
            members.promote(4);
            members.promote(5);
        });
        assertEquals(List.of(1, 2, 3, 4, 5), members.state().voters());
        assertEquals(List.of(), members.state().observers());
        stage("leadership is handed over", 1, () -> members.lead(members.leader() == 2 ? 1 : 2));
    }

    /** Of two changes at the same time one is made, and the other as well or refused. */
    private void atOnce() throws Exception {
        var first = asynchronously(() -> members.tryPromote(1, 4).status());
        var second = members.tryPromote(2, 5).status();
        var both = List.of(first.join(), second);
        assertTrue(both.contains(200) && Set.of(200, 409).containsAll(both), both::toString);
    }

    private void fail() throws Exception {
        var ensemble = nodes.ensemble();
        stage("voters are down", 0, () -> {
            ensemble.serve(List.of(1, 2, 3));
            ensemble.node(4).kill();
            ensemble.node(5).kill();
            Eventually.await(
                    "the leader misses them",
                    Members.BOUND,
                    () -> ensemble.get(1, "/v1/cluster").split("\"unknown\"").length > 4);
            members.refused("would-lose-quorum", members.leader() == 3 ? 2 : 3);
            members.remove(4);
            members.remove(5);
        });
        assertEquals(List.of(1, 2, 3), members.state().voters());
        stage("one more joins", 0, () -> members.join(8));
        // The leader that is cut off must not be able to change anything; the others elect one that can.
        stage("the leader is cut off", 1, this::partition);
        assertEquals(List.of(1, 2, 3, 8), members.state().voters());
    }

    private void partition() throws Exception {
        var ensemble = nodes.ensemble();
        var network = nodes.network();
        var alone = members.leader();
        var rest = members.ids().stream().filter(id -> id != alone).toList();
        ensemble.serve(rest);
        network.setFrom(alone, Way.HELD);
        network.setTo(alone, Way.HELD);
        var there = asynchronously(() -> {
            try {
                return members.tryPromote(alone, 8).status();
            } catch (IOException noAnswer) {
                return 504;
            }
        });
        Eventually.await("another leads", Members.BOUND, () -> members.leader() != alone);
        members.promote(8);
        var status = there.join();
        assertTrue(status == 503 || status == 504, () -> "a leader that is cut off answered " + status);
        network.heal();
        ensemble.awaitReady(alone);
        ensemble.serve(members.ids());
    }

    private void replace() throws Exception {
        stage("leadership is handed over again", members.leader() == 2 ? 0 : 1, () -> members.lead(2));
        stage("a voter is removed", 0, () -> rulesHoldAtARemovedNode(1));
        stage("a voter joins that is promoted before it runs", 0, () -> {
            members.announce(9);
            var promoted = asynchronously(() -> members.tryPromote(8, 9).status());
            members.join(9, 10);
            assertEquals(200, promoted.join());
        });
        stage("the leader is removed", 1, () -> members.remove(2));
        var leads = members.leader() == 3 ? 1 : 0;
        stage("the last of the first is replaced", leads, () -> {
            members.promote(10);
            members.remove(3);
        });
        assertEquals(List.of(8, 9, 10), members.state().voters());
    }

    /** A node that was removed does not hear of rules any more, and serves no caller by those that it knew. */
    private void rulesHoldAtARemovedNode(int id) throws Exception {
        var ensemble = nodes.ensemble();
        var tenant = new Tenant(ensemble, 2);
        try {
            tenant.awaitRefused(id);
            var events = ensemble.uri(id).resolve("/v1/events?prefix=tenant/");
            try (var stream = SseClient.as(tenant.key(), events, null)) {
                assertEquals("bookmark", stream.next().event());
                removeWhileClientsWait(id, () -> {
                    stream.next(event -> event.event().equals("end"));
                    tenant.revoke();
                    tenant.getsNothing(id);
                });
            }
        } finally {
            tenant.open();
        }
    }

    /** Who is held at that node, or attached to it, is let go when the node knows, and not when the time is over. */
    private void removeWhileClientsWait(int id, Change meanwhile) throws Exception {
        var ensemble = nodes.ensemble();
        var client = new Client(ensemble, id);
        var holder = client.openSession();
        var next = client.openSession();
        Client.granted(client.take("kept", holder, "kept", "0s"));
        var patient = new Client(ensemble, id, Client.http(), HELD.multipliedBy(3), () -> {});
        var body = "{\"session\":\"%s\",\"lock\":\"kept\",\"wait\":\"10m\"}".formatted(next);
        var path = "/v1/grants/held?poll=" + HELD.toSeconds() + "s";
        var held = CompletableFuture.supplyAsync(() -> patient.insist("PUT", path, body));
        Eventually.await(
                "it is in line",
                Members.BOUND,
                () -> client.lock("kept").body().path("waiting").asInt() == 1);
        var uri = ensemble.uri(id).resolve("/v1/sessions/" + holder + "/attach");
        try (var attached = new SseClient(uri, null)) {
            assertEquals("attached", attached.next().event());
            members.leave(id);
            attached.next(event -> event.event().equals("end"));
        }
        meanwhile.happen();
        var answer = Client.expect(202, held.join());
        assertTrue(answer.received() - answer.sent() < HELD.toNanos(), answer::toString);
        assertEquals(0, patient.retries());
        ensemble.node(id).stop();
    }

    private void restart() throws Exception {
        var ensemble = nodes.ensemble();
        if (members.leader() != 8) {
            stage("leadership is handed over once more", 1, () -> members.lead(8));
        }
        var version = members.state().version();
        stage("a node has other members in its own settings", 0, () -> {
            stop(9);
            ensemble.resettle(9, ensemble.list(List.of(9)));
            startAgain(9);
        });
        assertEquals(version, members.state().version());
        stage("a member moves", 0, () -> {
            stop(10);
            members.moved(10, ensemble.move(10, List.of(1, 2, 3)));
            startAgain(10);
        });
        // Node 1 saw that it was removed; node 4 was down then, and learns it from those that it asks.
        stage("nodes that were removed are started again", 0, () -> {
            ensemble.node(1).start();
            ensemble.node(4).start();
            members.knowsThatItLeft(1);
            members.knowsThatItLeft(4);
        });
        assertEquals(List.of(8, 9, 10), members.state().voters());
    }

    private void stop(int id) throws Exception {
        var ensemble = nodes.ensemble();
        ensemble.serve(members.ids().stream().filter(other -> other != id).toList());
        ensemble.node(id).stop();
    }

    private void startAgain(int id) throws Exception {
        var ensemble = nodes.ensemble();
        ensemble.node(id).start();
        ensemble.awaitReady(id);
        ensemble.serve(members.ids());
    }

    private static CompletableFuture<Integer> asynchronously(java.util.concurrent.Callable<Integer> question) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return question.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Does something, has every client get further, and requires so many changes of leader and no more. */
    private void stage(String what, int leaders, Change change) throws Exception {
        var epoch = members.state().epoch();
        var begun = System.nanoTime();
        pulse.take();
        change.happen();
        awaitProgress(what);
        var met = pulse.take();
        System.out.printf(
                "membership: %s: %d ms, longest pause %d ms, %d sent again%n",
                what, (System.nanoTime() - begun) / 1_000_000, met.longest().toMillis(), met.retries());
        assertEquals(epoch + leaders, members.state().epoch(), () -> "changes of leader while " + what);
    }

    private void awaitProgress(String when) throws Exception {
        var holds = history.size();
        var turns = pulse.turns();
        Eventually.await("the load goes on while " + when, Members.BOUND, () -> {
            load.throwFailure();
            return history.size() >= holds + 2 * LOCKS
                    && pulse.turns() > turns + members.ids().size();
        });
    }
}
