package io.holdfast.client.internal;

import io.holdfast.api.Durations;
import io.holdfast.api.Json;
import io.holdfast.api.LockNames;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.OpenedSession;
import io.holdfast.api.SessionOpening;
import io.holdfast.client.SessionOptions;
import io.holdfast.client.UnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Opens sessions, keeps those that hold nothing for the next owner, and ends those that must not be used again. On the
 * loop. An idle session is not kept alive, so what a program does not use costs the ensemble nothing after a ttl.
 */
final class SessionPool {

    /** Idle sessions kept at most. */
    private static final int IDLE_MAX = 64;

    /** Sessions opened for one owner before it is given up. */
    private static final int OPENINGS_MAX = 3;

    /** How long the end of a session that the client gave up is asked for. */
    private static final long CLEANUP_MILLIS_MAX = 60_000;

    private final Loop loop;
    private final Caller caller;
    private final ClientOptions options;
    private final KeepAlive keepAlive;
    private final Deque<ClientSession> idle = new ArrayDeque<>();

    /** By id of the session. */
    private final Map<String, CompletableFuture<?>> cleanups = new HashMap<>();

    SessionPool(Loop loop, Caller caller, Nodes nodes, ClientOptions options, Conduct conduct) {
        this.loop = loop;
        this.caller = caller;
        this.options = options;
        this.keepAlive = new KeepAlive(loop, caller, nodes, conduct, this::end);
    }

    KeepAlive keepAlive() {
        return keepAlive;
    }

    /** Returns a session for one owner, with a fresh lease, kept alive from now on. */
    CompletableFuture<ClientSession> borrow(long withinMillis) {
        while (!idle.isEmpty()) {
            ClientSession session = idle.pop();
            if (session.clock().isFresh(loop.now())) {
                keepAlive.add(session);
                return CompletableFuture.completedFuture(session);
            }
        }
        return open(SessionOptions.named(options.name()), OPENINGS_MAX, withinMillis);
    }

    /** Opens a session; counts its lease from the first try, since that one may have opened it. */
    CompletableFuture<ClientSession> open(SessionOptions wanted) {
        return open(wanted, OPENINGS_MAX, Call.DEADLINE_MILLIS);
    }

    private CompletableFuture<ClientSession> open(SessionOptions wanted, int left, long withinMillis) {
        Duration ttl = wanted.ttl() == null ? options.ttl() : wanted.ttl();
        Duration lockDelay = wanted.lockDelay() == null ? options.lockDelay() : wanted.lockDelay();
        SessionOpening opening =
                new SessionOpening(Durations.text(ttl), wanted.name(), null, Durations.text(lockDelay));
        Call call = Call.of("POST", "/v1/sessions", new String(Json.write(opening), StandardCharsets.UTF_8))
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .within(withinMillis)
                .check(reply -> opened(reply));
        return caller.call(call).thenCompose(reply -> {
            if (reply.status() == 410 && reply.repeated() && left > 1) {
                // An earlier try opened it, and it has expired since.
                return open(wanted, left - 1, withinMillis);
            }
            if (reply.status() >= 400) {
                return CompletableFuture.failedFuture(Failures.of(reply));
            }
            ClientSession session = session(reply, options.terms(ttl));
            keepAlive.add(session);
            return keepAlive.fresh(session).thenCompose(fresh -> {
                if (fresh) {
                    return CompletableFuture.completedFuture(session);
                }
                // It took longer than a lease to open it, or the server ends it at once.
                return left > 1
                        ? open(wanted, left - 1, withinMillis)
                        : CompletableFuture.failedFuture(new UnavailableException(
                                "each of " + OPENINGS_MAX + " sessions was over before it could be used",
                                "",
                                reply.node().toString(),
                                null));
            });
        });
    }

    private static OpenedSession opened(Reply reply) throws MalformedJsonException {
        OpenedSession opened = reply.read(OpenedSession::read);
        if (LockNames.idProblem(opened.id()) != null) {
            throw new MalformedJsonException("the id of a session that is none: " + opened.id());
        }
        return opened;
    }

    private static ClientSession session(Reply reply, LeaseTerms terms) {
        try {
            OpenedSession opened = opened(reply);
            LeaseClock clock = new LeaseClock(terms, reply.firstSent(), opened.ttlMs(), opened.driftPerMille());
            return new ClientSession(opened.id(), clock, reply.firstSent());
        } catch (MalformedJsonException e) {
            throw new IllegalStateException("it was read before", e);
        }
    }

    /** Takes back a session that holds and waits for nothing. */
    void giveBack(ClientSession session) {
        keepAlive.remove(session);
        session.freed();
        if (session.doubtful) {
            end(session);
        } else if (session.clock().isFresh(loop.now()) && idle.size() < IDLE_MAX) {
            idle.push(session);
        } else if (!session.isOver(loop.now())) {
            end(session);
        }
    }

    /** Ends a session at the server, in the background; what it holds is released with it. */
    void end(ClientSession session) {
        keepAlive.remove(session);
        session.clock().close();
        long within = Math.min(CLEANUP_MILLIS_MAX, session.clock().ttlMillis());
        CompletableFuture<?> ended = caller.call(
                        Call.of("DELETE", "/v1/sessions/" + session.id(), "").within(within))
                .handle((reply, failure) -> null);
        cleanups.put(session.id(), ended);
        Futures.onComplete(ended, (nothing, failure) -> cleanups.remove(session.id()));
    }

    /** Ends what is idle; completes when nothing is left to be cleaned up. */
    CompletableFuture<Void> close() {
        List<ClientSession> all = new ArrayList<>(idle);
        idle.clear();
        all.forEach(this::end);
        return settled();
    }

    /** Completes when what is being cleaned up now is done, or was tried long enough. */
    CompletableFuture<Void> settled() {
        return CompletableFuture.allOf(cleanups.values().toArray(CompletableFuture[]::new));
    }
}
