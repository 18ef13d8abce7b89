package io.holdfast.client.internal;

import io.holdfast.api.Durations;
import io.holdfast.api.GrantBody;
import io.holdfast.api.Json;
import io.holdfast.client.LeaseLostException;
import io.holdfast.client.Loss;
import io.holdfast.client.UnavailableException;
import io.holdfast.client.spi.ClientObserver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One request for locks, from its ticket to its lease or its end. On the loop, but for {@link #result()}.
 *
 * <p>Whatever way it ends without a lease, its ticket was deleted before, or its session is ended: a grant that crosses
 * the end has no owner, and is not left behind.
 */
final class Acquisition {

    /** Waits until it is granted. */
    static final long FOREVER = Long.MAX_VALUE;

    /** How long a ticket waits at most before another one takes its place. */
    static final long WAIT_MILLIS_MAX = 24L * 3600 * 1000;

    private static final long POLL_MILLIS = 25_000;
    private static final long GRACE_MILLIS = 5_000;

    private final ClientServices services;
    private final Owner owner;
    private final LockTerms terms;
    private final long waitMillis;
    private final Mark began;
    private final CompletableFuture<Optional<LeaseHandle>> result = new CompletableFuture<>();
    private String grant = "";
    private @Nullable ClientSession session;
    private boolean ending;

    /** When the server said that the ticket waits; null before. */
    private @Nullable Mark queued;

    private int rounds;

    private Acquisition(ClientServices services, Owner owner, LockTerms terms, long waitMillis) {
        this.services = services;
        this.owner = owner;
        this.terms = terms;
        this.waitMillis = waitMillis;
        this.began = services.loop().now();
    }

    /**
     * Begins one.
     *
     * @param waitMillis how long it may wait in the queue; 0 tries once, {@link #FOREVER} waits until it is granted
     */
    static Acquisition begin(ClientServices services, Owner owner, LockTerms terms, long waitMillis) {
        Acquisition acquisition = new Acquisition(services, owner, terms, waitMillis);
        Futures.onComplete(
                acquisition.result.thenApply(lease ->
                        lease.isPresent() ? ClientObserver.Outcome.GRANTED : ClientObserver.Outcome.NOT_GRANTED),
                acquisition::observe);
        acquisition.ask();
        return acquisition;
    }

    /** The lease; nothing when it was not granted in time. Completed on the loop. */
    CompletableFuture<Optional<LeaseHandle>> result() {
        return result;
    }

    private void observe(ClientObserver.@Nullable Outcome outcome, @Nullable Throwable failure) {
        ClientObserver.Outcome how = outcome != null
                ? outcome
                : failure != null && Failures.cause(failure) instanceof CancellationException
                        ? ClientObserver.Outcome.WITHDRAWN
                        : ClientObserver.Outcome.FAILED;
        Duration wait = Duration.ofNanos(began.nanosUntil(services.loop().now()));
        services.conduct().waited(terms.request(), wait, how);
    }

    private long waitLeftMillis() {
        return waitMillis == FOREVER
                ? WAIT_MILLIS_MAX
                : Math.max(0, waitMillis - began.millisUntil(services.loop().now()));
    }

    /** How long one call looks for a node that answers. */
    private long patienceMillis() {
        return waitMillis == FOREVER
                ? Call.DEADLINE_MILLIS
                : Math.min(Call.DEADLINE_MILLIS, waitLeftMillis() + GRACE_MILLIS);
    }

    private void ask() {
        if (ending || result.isDone()) {
            return;
        }
        if (rounds > 0
                && waitMillis != FOREVER
                && began.millisUntil(services.loop().now()) > waitMillis + GRACE_MILLIS) {
            fail(new UnavailableException("each of " + rounds + " sessions was over before a grant", "", "", null));
            return;
        }
        grant = UUID.randomUUID().toString();
        String mine = grant;
        Futures.onComplete(owner.session(patienceMillis()), (found, failure) -> {
            if (failure != null) {
                fail(Failures.cause(failure));
            } else if (ending) {
                owner.settle();
            } else {
                session = found;
                found.tickets.put(mine, this);
                put(found, mine);
            }
        });
    }

    private void put(ClientSession in, String mine) {
        long wait = waitLeftMillis();
        long poll = Math.min(wait, POLL_MILLIS);
        String body = new String(
                Json.write(terms.body(in.id(), Durations.text(Duration.ofMillis(wait)))), StandardCharsets.UTF_8);
        String target = "/v1/grants/" + mine + (poll > 0 ? "?poll=" + poll + "ms" : "");
        Call call = Call.of("PUT", target, body).headers(terms.headers()).within(patienceMillis());
        ask(in, mine, poll > 0 ? call.held(poll) : call);
    }

    private void ask(ClientSession in, String mine, Call call) {
        AtomicReference<@Nullable GrantBody> read = new AtomicReference<>();
        Futures.onComplete(
                services.caller().call(call.check(reply -> {
                    GrantBody body = reply.read(GrantBody::read);
                    terms.require(body, mine, in.id());
                    read.set(body);
                })),
                (reply, failure) -> {
                    if (!mine.equals(grant) || ending || result.isDone() || in != session) {
                        return;
                    }
                    if (reply == null) {
                        withdraw(() -> fail(Failures.cause(failure)));
                    } else {
                        answered(in, mine, reply, read.get());
                    }
                });
    }

    private void answered(ClientSession in, String mine, Reply reply, @Nullable GrantBody body) {
        switch (reply.status()) {
            case 200, 201, 202 -> {
                if (body != null && body.isGranted()) {
                    granted(in, mine, body, reply.firstSent());
                } else {
                    queued = services.loop().now();
                    poll(in, mine);
                }
            }
            case 423 -> over();
            case 404, 410 -> {
                if (reply.slug().startsWith("session-")) {
                    services.pool().keepAlive().lost(in, Loss.SESSION_ENDED);
                    if (in.equals(session)) {
                        sessionLost();
                    }
                } else {
                    over();
                }
            }
            default -> withdraw(() -> fail(Failures.of(reply)));
        }
    }

    private void poll(ClientSession in, String mine) {
        long poll = Math.max(1, Math.min(waitLeftMillis(), POLL_MILLIS));
        Call call = Call.of("GET", "/v1/grants/" + mine + "?poll=" + poll + "ms", "")
                .headers(terms.headers())
                .within(patienceMillis());
        ask(in, mine, call.held(poll));
    }

    /**
     * Asks for the ticket without waiting when a keepalive lists it as granted, or not at all.
     *
     * @param gone whether it is not listed, which says nothing of a ticket that was on its way then
     * @param sent before the keepalive was sent
     */
    void listed(boolean gone, Mark sent) {
        ClientSession in = session;
        Mark known = queued;
        if (in != null && !ending && (!gone || (known != null && sent.isAfter(known)))) {
            ask(
                    in,
                    grant,
                    Call.of("GET", "/v1/grants/" + grant, "")
                            .headers(terms.headers())
                            .within(patienceMillis()));
        }
    }

    private void granted(ClientSession in, String mine, GrantBody body, Mark asked) {
        Futures.onComplete(services.pool().keepAlive().fresh(in), (fresh, failure) -> {
            // Whatever ended it meanwhile has seen to the ticket.
            if (!mine.equals(grant) || ending || result.isDone() || in != session) {
                return;
            }
            if (fresh) {
                in.tickets.remove(mine);
                session = null;
                result.complete(Optional.of(new LeaseHandle(services, in, owner, terms, body, asked)));
            } else if (!in.isOver(services.loop().now())) {
                withdraw(() -> fail(new LeaseLostException(
                        "what the session holds must stop, so nothing more is taken in it", "", Loss.EXPIRED)));
            }
        });
    }

    /** The ticket was not granted and is gone. */
    private void over() {
        forget();
        if (waitMillis == FOREVER) {
            askLater();
        } else {
            finish(Optional.empty());
        }
    }

    /** The session is over, and the ticket with it: a new one in another session, where nothing is held in this. */
    void sessionLost() {
        forget();
        if (!ending) {
            if (waitMillis != FOREVER && waitLeftMillis() == 0 && waitMillis > 0) {
                finish(Optional.empty());
            } else {
                askLater();
            }
        }
    }

    /**
     * Begins anew: at once the first time, then with pauses, so that a server which ends all at once is not busy with
     * it.
     */
    private void askLater() {
        long pause =
                rounds == 0 ? 0 : Backoff.millis(rounds - 1, services.loop().random());
        rounds++;
        services.loop().schedule(pause, this::ask);
    }

    /** Gives it up, with whatever the ticket became. */
    void cancel() {
        if (!ending && !result.isDone()) {
            withdraw(() -> fail(new CancellationException("the request was withdrawn")));
        }
    }

    /** Deletes the ticket, or gives up its session when that is not known to be done, and then goes on. */
    private void withdraw(Runnable then) {
        ending = true;
        ClientSession in = session;
        if (in == null) {
            // A session that is on its way is given back when it comes.
            then.run();
            return;
        }
        Futures.onComplete(
                services.caller()
                        .call(Call.of("DELETE", "/v1/grants/" + grant, "")
                                .headers(terms.headers())
                                .within(LeaseHandle.RELEASE_MILLIS)),
                (reply, failure) -> {
                    boolean gone =
                            reply != null && (reply.status() < 300 || reply.status() == 404 || reply.status() == 410);
                    in.doubtful |= !gone;
                    forget();
                    then.run();
                });
    }

    private void forget() {
        ClientSession in = session;
        if (in != null) {
            in.tickets.remove(grant);
        }
        session = null;
        queued = null;
    }

    private void fail(Throwable failure) {
        if (result.completeExceptionally(failure)) {
            owner.settle();
        }
    }

    private void finish(Optional<LeaseHandle> outcome) {
        if (result.complete(outcome)) {
            owner.settle();
        }
    }
}
