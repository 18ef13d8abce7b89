package io.holdfast.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.ensemble.Ensemble;
import io.holdfast.ensemble.Eventually;
import io.holdfast.ensemble.history.History;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Several clients at work at once, and somebody who looks at every node's own replica all the time. */
final class ChaosLoad implements AutoCloseable {

    static final Duration BOUND = Duration.ofMinutes(3);

    private static final int CLIENTS = 8;
    private static final int LOCKS = 3;
    private static final long LOOK_MILLIS = 100;

    private final Ensemble ensemble;
    private final History history;
    private final String prefix;
    private final HttpClient http = Client.http();
    private final ScheduledExecutorService background = Executors.newScheduledThreadPool(CLIENTS + 1);
    private final List<ChaosClient> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private int looks;

    /**
     * Starts the clients.
     *
     * @param round a number that makes names of grants and locks new
     */
    ChaosLoad(Ensemble ensemble, History history, int round, long seed) {
        this.ensemble = ensemble;
        this.history = history;
        this.prefix = "chaos/" + round + "/";
        var around = new ChaosClient.Surroundings(history, background, prefix, LOCKS);
        for (var i = 0; i < CLIENTS; i++) {
            var first = 1 + i % ensemble.size();
            var client = new ChaosClient(
                    "client-" + round + "-" + i,
                    seed + i,
                    around,
                    (bound, pauses) -> new Client(ensemble, first, http, bound, pauses));
            clients.add(client);
            var thread = new Thread(() -> run(client), client.toString());
            threads.add(thread);
            thread.start();
        }
        var looking = new Client(ensemble, 1, http, Duration.ofSeconds(1), () -> {});
        background.scheduleWithFixedDelay(() -> look(looking), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The beginning of the names of all locks that this load uses. */
    String prefix() {
        return prefix;
    }

    /** Every second client stands still for longer than its lease. */
    void pauseClients(int from) {
        for (var i = from % 2; i < clients.size(); i += 2) {
            clients.get(i).pause();
        }
    }

    /** Waits until some clients got further. */
    void awaitSomeProgress(String when) throws TimeoutException {
        var before = history.size();
        await("some clients get further " + when, () -> history.size() >= before + 2);
    }

    /** Waits until every client got further, which means that none waits for an answer for ever. */
    void awaitEveryClient(String when) throws TimeoutException {
        var before = clients.stream().mapToInt(ChaosClient::turns).toArray();
        for (var i = 0; i < before.length; i++) {
            var client = clients.get(i);
            var turns = before[i];
            await(client + " gets further " + when, () -> client.turns() > turns);
        }
    }

    /** Lets every client end the turn that it is at; their sessions are left to expire. */
    void stop() throws InterruptedException {
        clients.forEach(ChaosClient::stop);
        for (var thread : threads) {
            thread.join(BOUND.toMillis());
            if (thread.isAlive()) {
                throw new AssertionError(thread.getName() + " has no answer within " + BOUND);
            }
        }
        background.shutdown();
        throwFailure();
    }

    /** How often clients had to ask again. */
    long retries() {
        return clients.stream().mapToLong(ChaosClient::retries).sum();
    }

    @Override
    public void close() {
        clients.forEach(ChaosClient::stop);
        threads.forEach(Thread::interrupt);
        background.shutdownNow();
    }

    /** Asks a node for its own replica, and records it; returns the revision, or -1 when it did not answer. */
    static long look(Client client, int node, String prefix, History history) {
        try {
            var path = "/v1/locks?consistency=local&limit=1000&prefix=" + prefix;
            var reply = client.ask(node, "GET", path, "");
            if (reply.status() == 200) {
                history.shown(node, reply.revision(), timeless(reply.body()).toString());
                return reply.revision();
            }
        } catch (IOException noAnswer) {
            // The node is down, or paused: it will be asked again.
        }
        return -1;
    }

    private static JsonNode timeless(JsonNode page) {
        for (var field : List.of("heldMs", "waitedMs", "ttlLeftMs", "revision")) {
            for (var parent : page.findParents(field)) {
                ((ObjectNode) parent).remove(field);
            }
        }
        return page;
    }

    private void look(Client looking) {
        looks++;
        look(looking, 1 + looks % ensemble.size(), prefix, history);
    }

    private void run(ChaosClient client) {
        try {
            client.run();
        } catch (RuntimeException | AssertionError e) {
            failures.add(e);
        }
    }

    private void await(String what, BooleanSupplier condition) throws TimeoutException {
        Eventually.await(what, BOUND, () -> {
            throwFailure();
            return condition.getAsBoolean();
        });
    }

    private void throwFailure() {
        var failure = failures.peek();
        if (failure != null) {
            throw new AssertionError(failures.size() + " clients failed; the first: " + failure.getMessage(), failure);
        }
    }
}
