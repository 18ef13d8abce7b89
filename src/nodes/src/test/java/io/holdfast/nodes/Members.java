package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Ensemble;
import io.holdfast.ensemble.Eventually;
import io.holdfast.nodes.Client.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;

/** Changes the members of an ensemble as an administrator does, over REST, and starts and stops their nodes. */
final class Members {

    static final Duration BOUND = Duration.ofMinutes(3);
    private static final String PATH = "/v1/cluster/members";

    private final Ensemble ensemble;
    private final Client client;

    /** Members as far as this administrator changed them; ids in order. */
    private final Set<Integer> members = new TreeSet<>();

    Members(Ensemble ensemble) {
        this.ensemble = ensemble;
        this.client = new Client(ensemble, ensemble.serving(0));
        for (var id = 1; id <= ensemble.size(); id++) {
            members.add(id);
        }
    }

    List<Integer> ids() {
        return List.copyOf(members);
    }

    /** Adds observers, and starts their nodes at the same time. */
    void join(Integer... ids) throws IOException, TimeoutException {
        var known = ids();
        for (var id : ids) {
            if (!members.contains(id)) {
                announce(id, known);
            }
        }
        for (var id : ids) {
            ensemble.node(id).start();
        }
        for (var id : ids) {
            ensemble.awaitReady(id);
        }
        ensemble.serve(ids());
    }

    /** Adds an observer whose node does not run yet. */
    void announce(int id) throws IOException {
        announce(id, ids());
    }

    private void announce(int id, List<Integer> known) throws IOException {
        var address = ensemble.join(id, known);
        var added = client.insist("POST", PATH, "{\"id\":%d,\"address\":\"%s\"}".formatted(id, address));
        assertTrue(added.status() == 201 || added.status() == 200, added::toString);
        members.add(id);
    }

    /** Gives a member its vote, for which nobody has to ask twice. */
    void promote(int id) throws TimeoutException {
        insist("PATCH", PATH + "/" + id, role("voter"), Set.of());
    }

    /** Asks one node once for a vote, whatever comes of it. */
    Reply tryPromote(int at, int id) throws IOException {
        var patient = new Client(ensemble, at, Client.http(), BOUND, () -> {});
        return patient.ask(at, "PATCH", PATH + "/" + id, role("voter"));
    }

    /** Removes a member that clients ask no more; its node, when it runs, knows it and is stopped. */
    void remove(int id) throws Exception {
        leave(id);
        if (ensemble.node(id).isAlive()) {
            ensemble.node(id).stop();
        }
    }

    /** The same without the end of the node. */
    void leave(int id) throws Exception {
        members.remove(id);
        ensemble.serve(
                members.stream().filter(other -> ensemble.node(other).isAlive()).toList());
        client.turnTo(ensemble.serving(0));
        // Learners that have just come back from an election may be on their way to the leader.
        insist("DELETE", PATH + "/" + id, "", Set.of("would-lose-quorum", "no-successor"));
        if (ensemble.node(id).isAlive()) {
            knowsThatItLeft(id);
            var others = client.ask(id, "POST", "/v1/sessions", "{}").body().path("members");
            assertTrue(others.findValues("http").size() > 0, () -> "others, with where clients reach them: " + others);
        }
    }

    /** A node that was removed says so, is not ready, and serves nothing. */
    void knowsThatItLeft(int id) throws Exception {
        Eventually.await(
                "node " + id + " knows that it was removed",
                BOUND,
                () -> ensemble.get(id, "/v1/cluster").contains("\"member\":false"));
        assertEquals("", ensemble.get(id, "/q/health/ready"), "ready");
        assertEquals("not-a-member", problem(client.ask(id, "GET", "/v1/locks/a?consistency=local", "")));
        assertEquals("not-a-member", problem(client.ask(id, "POST", "/v1/sessions", "{}")));
    }

    /** Asks for a removal that must not be. */
    void refused(String problem, int id) {
        var rehearsed = client.insist("DELETE", PATH + "/" + id + "?dryRun=true", "");
        assertEquals(problem, problem(rehearsed), rehearsed::toString);
        var reply = client.insist("DELETE", PATH + "/" + id, "");
        assertEquals(problem, problem(reply), reply::toString);
    }

    /** Tells the ensemble where a member is from now on. */
    void moved(int id, String address) {
        Client.expect(200, client.insist("PATCH", PATH + "/" + id, "{\"address\":\"" + address + "\"}"));
    }

    /** Has that member lead, as soon as it is in step. */
    void lead(int id) throws TimeoutException {
        insist("POST", "/v1/cluster/leader", "{\"to\":" + id + "}", Set.of("not-synced"));
        Eventually.await("all follow member " + id, BOUND, () -> leader() == id);
    }

    /** Asks until it is done; what is refused for one of these reasons is asked again. */
    private void insist(String method, String path, String body, Set<String> again) throws TimeoutException {
        Eventually.await(method + " " + path + " is done", BOUND, () -> {
            var reply = client.insist(method, path, body);
            // A removal whose answer was lost is not found any more.
            var done = reply.status() == 200 || problem(reply).equals("member-unknown");
            assertTrue(done || again.contains(problem(reply)), reply::toString);
            return done;
        });
    }

    int leader() {
        try {
            return ensemble.awaitLeader();
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** Epoch, version and voters as the ensemble has them. */
    record State(long epoch, long version, List<Integer> voters, List<Integer> observers) {}

    State state() {
        var cluster =
                Client.expect(200, client.insist("GET", "/v1/cluster", "")).body();
        var voters = new ArrayList<Integer>();
        var observers = new ArrayList<Integer>();
        cluster.path("members").forEach(member -> {
            var role = member.path("role").asText().equals("voter") ? voters : observers;
            role.add(member.path("id").asInt());
        });
        return new State(
                cluster.path("epoch").asLong(),
                cluster.path("configurationVersion").asLong(),
                voters,
                observers);
    }

    static String problem(Reply reply) {
        return reply.text("type").replace("urn:holdfast:problem:", "");
    }

    private static String role(String role) {
        return "{\"role\":\"" + role + "\"}";
    }
}
