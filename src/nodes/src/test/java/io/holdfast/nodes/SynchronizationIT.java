package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.holdfast.ensemble.Ensemble;
import io.holdfast.ensemble.Eventually;
import io.holdfast.ensemble.NodeProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a node that was away comes back: which way it took is what its own log says. */
class SynchronizationIT {

    /** How a node begins to say that it was synchronized. */
    private static final String SYNCHRONIZED = "was brought from ";

    private static final Duration BOUND = Duration.ofMinutes(3);
    private static final int WRITERS = 16;
    private static final int KEEPALIVE_CYCLES = 20;

    @RegisterExtension
    final Nodes nodes = new Nodes(3);

    /** Which do not give a leader up at once that they do not hear. */
    @RegisterExtension
    final Nodes slow = new Nodes(3, blueprint -> blueprint.with("holdfast.zab.sync-limit", "10s"));

    @RegisterExtension
    final Nodes forgetful = new Nodes(
            3,
            blueprint -> blueprint.with("holdfast.zab.window-txns", "200").with("holdfast.zab.snapshot-txns", "200"));

    @Test
    void aFollowerThatMissedTenThousandTransactionsGetsThem() throws Exception {
        var ensemble = nodes.ensemble();
        ensemble.start();
        var away = ensemble.follower();
        var said = stop(ensemble.node(away));
        write(ensemble, 5_000);
        comesBack(ensemble, away, said, "DIFF");
    }

    @Test
    void aFollowerThatMissedMoreThanTheLeaderRemembersGetsASnapshot() throws Exception {
        var ensemble = forgetful.ensemble();
        ensemble.start();
        var away = ensemble.follower();
        var said = stop(ensemble.node(away));
        write(ensemble, 500);
        comesBack(ensemble, away, said, "SNAP");
    }

    @Test
    void aLeaderThatWroteWhatNobodyElseHasDropsItWhenItComesBack() throws Exception {
        var ensemble = slow.ensemble();
        ensemble.start();
        var client = new Client(ensemble, 1);
        var session = client.openSession();
        var old = ensemble.awaitLeader();
        for (var id = 1; id <= ensemble.size(); id++) {
            if (id != old) {
                // A frozen follower takes nothing more off its connections, so that what comes now is the leader's
                // alone, if it comes before the leader misses them.
                ensemble.node(id).freeze();
            }
        }
        var request = "{\"session\":\"%s\",\"lock\":\"lost\"}".formatted(session);
        var unconfirmed =
                CompletableFuture.supplyAsync(() -> status(patient(ensemble, old), old, "/v1/grants/lost", request));
        assertEquals(504, unconfirmed.get(BOUND.toSeconds(), TimeUnit.SECONDS));
        for (var id = 1; id <= ensemble.size(); id++) {
            ensemble.node(id).kill();
        }
        var said = ensemble.node(old).log();

        for (var id = 1; id <= ensemble.size(); id++) {
            if (id != old) {
                ensemble.node(id).start();
            }
        }
        ensemble.awaitReady();
        Client.granted(client.take("after", session, "kept", "0s"));
        comesBack(ensemble, old, said, "TRUNC");
        assertEquals(
                0,
                client.ask(old, "GET", "/v1/locks/lost", "")
                        .body()
                        .path("holders")
                        .size());
    }

    /** Starts the node, and sees that it took this way and then has what the others have. */
    private static void comesBack(Ensemble ensemble, int id, String said, String way) throws Exception {
        var node = ensemble.node(id);
        node.start();
        ensemble.awaitReady();
        Eventually.await(
                node + " says how it was synchronized",
                BOUND,
                () -> ways(node, said).contains(SYNCHRONIZED));
        // Whatever happens after it came back.
        var ways = ways(node, said).lines().findFirst().orElseThrow();
        for (var mode : new String[] {"DIFF", "TRUNC", "SNAP"}) {
            assertEquals(mode.equals(way), ways.contains(" by " + mode + " ("), ways);
        }
        var client = new Client(ensemble, id);
        assertEquals(
                client.ask(ensemble.awaitLeader(), "GET", "/v1/locks?limit=100", "")
                        .body()
                        .findValuesAsText("token"),
                client.ask(id, "GET", "/v1/locks?limit=100", "").body().findValuesAsText("token"));
    }

    /** What the node said about its own synchronization since. */
    private static String ways(NodeProcess node, String said) {
        try {
            return node.log()
                    .substring(said.length())
                    .lines()
                    .filter(line -> line.contains(SYNCHRONIZED))
                    .reduce("", (all, line) -> all + line + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String stop(NodeProcess node) throws Exception {
        node.stop();
        assertFalse(node.isAlive());
        return node.log();
    }

    /** Takes and releases locks so many times, which is twice as many transactions; every tenth lock is kept. */
    private static void write(Ensemble ensemble, int cycles) throws Exception {
        var pool = Executors.newFixedThreadPool(WRITERS);
        try {
            var writers = new ArrayList<CompletableFuture<Void>>();
            for (var i = 0; i < WRITERS; i++) {
                writers.add(writer(ensemble, i, cycles / WRITERS + 1, pool));
            }
            CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new)).get(15, TimeUnit.MINUTES);
        } finally {
            pool.shutdownNow();
        }
    }

    private static CompletableFuture<Void> writer(Ensemble ensemble, int number, int cycles, ExecutorService pool) {
        return CompletableFuture.runAsync(
                () -> {
                    var client = new Client(ensemble, 1 + number % ensemble.size());
                    var session = client.openSession();
                    for (var i = 0; i < cycles; i++) {
                        if (i % KEEPALIVE_CYCLES == 0) {
                            Client.expect(200, client.insist("POST", "/v1/sessions/" + session + "/keepalive", ""));
                        }
                        var name = number + "-" + i;
                        Client.granted(client.take(name, session, "written/" + name, "0s"));
                        if (i % 10 != 0) {
                            Client.expect(204, client.release(name));
                        }
                    }
                },
                pool);
    }

    /** A client that waits for whatever the server says in the end. */
    private static Client patient(Ensemble ensemble, int node) {
        return new Client(ensemble, node, Client.http(), BOUND, () -> {});
    }

    private static int status(Client client, int node, String path, String body) {
        try {
            return client.ask(node, "PUT", path, body).status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
