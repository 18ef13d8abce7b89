package io.holdfast.nodes;

import io.holdfast.ensemble.history.History;
import io.holdfast.ensemble.history.Hold;
import io.holdfast.ensemble.history.LockRead;
import io.holdfast.nodes.Client.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * An application with a short lease that takes, reads and releases locks, is paused now and then, and records what it
 * did and was told. It expects nothing: what it saw is judged afterwards.
 *
 * <p>One thread works, another one keeps the session alive; {@link #pause} and {@link #turns} are for any thread.
 */
final class ChaosClient {

    static final Duration TTL = Duration.ofMillis(2_500);
    static final Duration KEEPALIVE = Duration.ofMillis(500);

    /** Longer than a lease. */
    static final Duration PAUSE = Duration.ofMillis(3_500);

    private static final String WAIT = "10m";
    private static final String POLL = "400ms";

    /** What a client may need. */
    record Surroundings(History history, ScheduledExecutorService keepers, String prefix, int locks) {}

    private final String name;
    private final Random random;
    private final Surroundings around;
    private final Client working;
    private final Client keeping;
    private final AtomicInteger turns = new AtomicInteger();
    private volatile long pausedUntil;
    private volatile boolean stopping;
    private volatile Session session;

    /** A session as this client knows it. */
    private static final class Session {
        final String id;
        volatile boolean isOver;

        /** It was asked to end, so that its end is no surprise. */
        volatile boolean isClosing;

        Session(String id) {
            this.id = id;
        }
    }

    /**
     * A client that did nothing yet.
     *
     * @param clients makes connections that call the given action where a pause of this client takes effect
     */
    ChaosClient(String name, long seed, Surroundings around, Clients clients) {
        this.name = name;
        this.random = new Random(seed);
        this.around = around;
        this.working = clients.of(Duration.ofSeconds(2), this::awaitNotPaused);
        this.keeping = clients.of(Duration.ofMillis(800), this::awaitNotPaused);
    }

    /** Makes connections. */
    interface Clients {
        Client of(Duration requestBound, Runnable pauses);
    }

    /** Works until it is told to stop. */
    void run() {
        while (!stopping) {
            open();
            var keeper = around.keepers()
                    .scheduleWithFixedDelay(
                            this::keepAlive, KEEPALIVE.toMillis(), KEEPALIVE.toMillis(), TimeUnit.MILLISECONDS);
            try {
                while (!stopping && !session.isOver && !session.isClosing) {
                    turn();
                    turns.incrementAndGet();
                    think();
                }
            } finally {
                keeper.cancel(false);
            }
        }
    }

    /** Ends it after the turn that it is at. */
    void stop() {
        stopping = true;
    }

    /** It stands still from now on for longer than its lease, wherever it is. */
    void pause() {
        pausedUntil = System.nanoTime() + PAUSE.toNanos();
    }

    /** How often it went through taking and releasing a lock, or learned that its session is over. */
    int turns() {
        return turns.get();
    }

    long retries() {
        return working.retries();
    }

    @Override
    public String toString() {
        return name;
    }

    private void open() {
        var body = "{\"ttl\":\"%dms\",\"name\":\"%s\"}".formatted(TTL.toMillis(), name);
        var reply = Client.expect(201, working.insist("POST", "/v1/sessions", body));
        session = new Session(reply.text("id"));
        around.history()
                .lease(
                        session.id,
                        reply.sent(),
                        Duration.ofMillis(reply.body().path("ttlMs").asLong()).toNanos());
        around.history().revision(reply.revision(), reply.received());
    }

    private void keepAlive() {
        var kept = session;
        try {
            var reply = keeping.ask("POST", "/v1/sessions/" + kept.id + "/keepalive", "");
            if (reply.status() == 200) {
                var ttl = Duration.ofMillis(reply.body().path("ttlMs").asLong());
                around.history().lease(kept.id, reply.sent(), ttl.toNanos());
                around.history().revision(reply.revision(), reply.received());
            } else if (reply.status() == 410 || reply.status() == 404) {
                over(kept, reply);
            } else {
                keeping.turnToNextNode();
            }
        } catch (IOException noAnswer) {
            keeping.turnToNextNode();
        }
    }

    private void over(Session ended, Reply reply) {
        if (!ended.isClosing) {
            around.history().sessionOver(ended.id, reply.received());
        }
        ended.isOver = true;
    }

    private void turn() {
        var lock = around.prefix() + random.nextInt(around.locks());
        var grant = name + "-" + turns.get();
        var requested = System.nanoTime();
        var reply = working.insist(
                "PUT",
                "/v1/grants/" + grant + "?poll=" + POLL,
                "{\"session\":\"%s\",\"lock\":\"%s\",\"wait\":\"%s\"}".formatted(session.id, lock, WAIT));
        around.history().revision(reply.revision(), reply.received());
        while (isWaiting(reply) && !isTiredOfWaiting()) {
            reply = working.insist("GET", "/v1/grants/" + grant + "?poll=" + POLL, "");
            around.history().revision(reply.revision(), reply.received());
        }
        if (isWaiting(reply)) {
            delete("/v1/grants/" + grant, grant);
        } else if (!reply.text("state").equals("granted")) {
            ended(grant, reply);
        } else {
            var confirmed = reply.received();
            var token = reply.body().path("token").asLong();
            use(lock);
            end(new Hold(lock, grant, session.id, token, requested, confirmed, System.nanoTime(), Hold.NEVER));
        }
    }

    private void use(String lock) {
        if (random.nextInt(200) == 0) {
            pause();
        }
        for (var i = random.nextInt(3); i > 0; i--) {
            read(lock);
            think();
        }
    }

    /** Ends a grant, most often by a release, sometimes with its session. */
    private void end(Hold hold) {
        var released = Hold.NEVER;
        if (random.nextInt(20) == 0) {
            session.isClosing = true;
            released = delete("/v1/sessions/" + session.id, hold.grant());
        } else {
            released = delete("/v1/grants/" + hold.grant(), hold.grant());
        }
        around.history()
                .hold(new Hold(
                        hold.lock(),
                        hold.grant(),
                        hold.session(),
                        hold.token(),
                        hold.requested(),
                        hold.confirmed(),
                        hold.releaseRequested(),
                        released));
        if (random.nextBoolean()) {
            read(hold.lock());
        }
    }

    private long delete(String path, String grant) {
        var reply = working.insist("DELETE", path, "");
        around.history().revision(reply.revision(), reply.received());
        if (reply.status() == 204) {
            return reply.received();
        }
        ended(grant, reply);
        return Hold.NEVER;
    }

    private void read(String lock) {
        var reply = Client.expect(200, working.lock(lock));
        var holder = reply.body().path("holders").path(0);
        around.history()
                .read(new LockRead(
                        lock,
                        reply.sent(),
                        reply.received(),
                        reply.revision(),
                        holder.path("grant").asText(),
                        holder.path("token").asLong()));
        if (random.nextInt(4) == 0) {
            working.turnToNextNode();
        }
    }

    private void ended(String grant, Reply reply) {
        if (!isEnd(reply)) {
            throw new AssertionError("a request for " + grant + " was answered with " + reply);
        }
        around.history().grantOver(grant, session.id, reply.received());
        if (reply.text("type").contains(":session-")) {
            over(session, reply);
        }
        session.isOver = true;
    }

    private boolean isTiredOfWaiting() {
        return stopping || random.nextInt(50) == 0;
    }

    private void think() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(20)));
    }

    private void awaitNotPaused() {
        for (var left = pausedUntil - System.nanoTime(); left > 0; left = pausedUntil - System.nanoTime()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("the client was told to end");
            }
            LockSupport.parkNanos(left);
        }
    }

    private static boolean isWaiting(Reply reply) {
        return (reply.status() == 200 || reply.status() == 202)
                && reply.text("state").equals("waiting");
    }

    private static boolean isEnd(Reply reply) {
        return reply.status() == 404 || reply.status() == 410 || reply.status() == 423;
    }
}
