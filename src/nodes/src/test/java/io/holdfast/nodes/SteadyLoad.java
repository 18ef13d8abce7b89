package io.holdfast.nodes;

import io.holdfast.ensemble.Ensemble;
import io.holdfast.ensemble.history.History;
import io.holdfast.ensemble.history.Hold;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * Clients that take and release a few locks all the time and record it. What contradicts an answer that was given
 * before ends a client with a failure.
 */
final class SteadyLoad implements AutoCloseable {

    private static final Duration KEEPALIVE = Duration.ofSeconds(5);
    private static final String WAIT = "10m";
    private static final Duration END_BOUND = Duration.ofMinutes(4);

    private final HttpClient http;
    private final Ensemble ensemble;
    private final History history;
    private final int locks;
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final LongAdder retries = new LongAdder();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    /** Starts the clients, two for each lock. */
    SteadyLoad(Ensemble ensemble, History history, int locks) {
        this(ensemble, history, locks, null);
    }

    /** Starts the clients on connections that are made so; null for plain ones, each with its own. */
    SteadyLoad(Ensemble ensemble, History history, int locks, HttpClient http) {
        this.http = http;
        this.ensemble = ensemble;
        this.history = history;
        this.locks = locks;
        for (var i = 0; i < 2 * locks; i++) {
            var number = i;
            var thread = new Thread(() -> run(number), "load-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    /** Lets every client finish what it is at; throws what a client found wrong. */
    void stop() throws InterruptedException {
        stopping = true;
        for (var thread : threads) {
            thread.join(END_BOUND.toMillis());
            if (thread.isAlive()) {
                throw new AssertionError(thread.getName() + " has no answer within " + END_BOUND);
            }
        }
        throwFailure();
    }

    /** Throws what a client found wrong so far. */
    void throwFailure() {
        var failure = failures.peek();
        if (failure != null) {
            throw new AssertionError(failures.size() + " clients failed; the first: " + failure.getMessage(), failure);
        }
    }

    @Override
    public void close() {
        stopping = true;
        threads.forEach(Thread::interrupt);
    }

    /** How many requests had to be sent again, of clients that have ended. */
    long retries() {
        return retries.sum();
    }

    private void run(int number) {
        var client = new Client(ensemble, ensemble.serving(number), http == null ? Client.http() : http);
        try {
            var keptAlive = System.nanoTime();
            var session = client.openSession();
            history.lease(session, keptAlive, Client.TTL.toNanos());
            var lock = "load/" + number % locks;
            for (var turn = 0; !stopping; turn++) {
                // Who stays with the node that answered last would never meet the next one that is killed.
                client.turnTo(ensemble.serving(number + turn));
                if (System.nanoTime() - keptAlive > KEEPALIVE.toNanos()) {
                    keptAlive = System.nanoTime();
                    Client.expect(200, client.insist("POST", "/v1/sessions/" + session + "/keepalive", ""));
                    history.lease(session, keptAlive, Client.TTL.toNanos());
                }
                hold(client, session, lock, session + ".load-" + number + "-" + turn);
            }
        } catch (RuntimeException | AssertionError e) {
            failures.add(e);
        } finally {
            retries.add(client.retries());
        }
    }

    private void hold(Client client, String session, String lock, String grant) {
        var requested = System.nanoTime();
        var reply = client.take(grant, session, lock, WAIT);
        while (reply.status() == 202) {
            reply = client.insist(
                    "PUT",
                    "/v1/grants/" + grant + "?poll=2s",
                    "{\"session\":\"%s\",\"lock\":\"%s\",\"wait\":\"%s\"}".formatted(session, lock, WAIT));
        }
        var confirmed = System.nanoTime();
        if (reply.status() != 200 && reply.status() != 201) {
            throw new AssertionError("a ticket for " + lock + " was answered with " + reply);
        }
        var token = reply.body().path("token").asLong();
        var holder =
                Client.expect(200, client.lock(lock)).body().path("holders").path(0);
        if (!holder.path("grant").asText().equals(grant) || holder.path("token").asLong() != token) {
            throw new AssertionError("an acknowledged grant was lost: " + grant + " with token " + token
                    + ", but the holder is " + holder);
        }
        var releaseRequested = System.nanoTime();
        Client.expect(204, client.release(grant));
        history.hold(new Hold(lock, grant, session, token, requested, confirmed, releaseRequested, System.nanoTime()));
    }
}
