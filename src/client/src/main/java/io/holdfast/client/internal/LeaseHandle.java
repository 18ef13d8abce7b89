package io.holdfast.client.internal;

import io.holdfast.api.Durations;
import io.holdfast.api.GrantBody;
import io.holdfast.api.Json;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.Mode;
import io.holdfast.api.ModeRequest;
import io.holdfast.api.NoticeBody;
import io.holdfast.api.Tokens;
import io.holdfast.client.Lease;
import io.holdfast.client.LeaseLostException;
import io.holdfast.client.Loss;
import io.holdfast.client.Notice;
import io.holdfast.client.SessionState;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A grant of this client. What tells its worth is for any thread, the rest runs on the loop. */
final class LeaseHandle implements Lease {

    /** How long a release is waited for before the session is given up in its place. */
    static final long RELEASE_MILLIS = 5_000;

    private static final Duration CLOSED_MAX = Duration.ofHours(24);

    private final Loop loop;
    private final Caller caller;
    private final Conduct conduct;
    private final ClientSession session;
    private final Owner owner;
    private final LeaseEvents events;
    private final String grant;
    private final List<String> locks;
    private final Map<String, String> headers;
    private final Mark asked;
    private final Mark grantedAt;
    private final LeaseLimit limit;
    private final CompletableFuture<Boolean> released = new CompletableFuture<>();
    private volatile Mode mode;
    private volatile long token;
    private volatile @Nullable Loss loss;
    private volatile @Nullable Ending ending;
    private boolean returned;
    private boolean releasing;
    private boolean given;
    private boolean verifying;

    /**
     * A lease that was granted.
     *
     * @param asked before the request was sent whose answer grants it
     */
    LeaseHandle(
            ClientServices services,
            ClientSession session,
            Owner owner,
            LockTerms terms,
            GrantBody granted,
            Mark asked) {
        this.asked = asked;
        this.loop = services.loop();
        this.caller = services.caller();
        this.conduct = services.conduct();
        this.headers = terms.headers();
        this.events = new LeaseEvents(services.executor());
        this.limit = new LeaseLimit(loop, this::stop, this::end);
        this.session = session;
        this.owner = owner;
        this.grant = granted.id();
        this.locks = terms.names();
        this.mode = terms.mode();
        this.token = terms.token(granted);
        this.grantedAt = loop.now();
        session.leases.put(grant, this);
        owner.took();
        conduct.acquired(this);
        Futures.onComplete(released, (held, failure) -> conduct.ended(this, heldFor(), loss()));
    }

    private Duration heldFor() {
        return Duration.ofNanos(grantedAt.nanosUntil(loop.now()));
    }

    private Loss loss() {
        Loss how = loss;
        return how == null ? Loss.RELEASED : how;
    }

    Conduct conduct() {
        return conduct;
    }

    ClientSession session() {
        return session;
    }

    /** Runs a quick action on the loop when it is over, at once when it is. */
    void onEnd(Runnable action) {
        Futures.onComplete(released, (held, failure) -> action.run());
    }

    /** Runs a quick action on the loop when it is lost, not when its owner gives it back. */
    void onLoss(Runnable action) {
        Futures.onComplete(released, (held, failure) -> {
            if (!Boolean.TRUE.equals(held) && !returned) {
                action.run();
            }
        });
    }

    @Override
    public long token() {
        return token;
    }

    @Override
    public String grant() {
        return grant;
    }

    @Override
    public List<String> locks() {
        return locks;
    }

    @Override
    public Mode mode() {
        return mode;
    }

    Mark grantedAt() {
        return grantedAt;
    }

    @Override
    public Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    private long remainingNanos() {
        Mark now = loop.now();
        if (loss != null) {
            return 0;
        }
        long left = session.clock().remainingNanos(now);
        return Math.max(0, Ending.least(Ending.least(left, ending, now), limit.end(), now));
    }

    boolean isOver() {
        return remainingNanos() == 0;
    }

    @Override
    public void check() {
        if (isOver()) {
            throw lostException();
        }
    }

    LeaseLostException lostException() {
        Loss own = loss;
        Loss how = own != null ? own : session.ended;
        Loss known = how != null ? how : Ending.isPast(ending, loop.now()) ? Loss.BROKEN : Loss.EXPIRED;
        return new LeaseLostException(
                "the lease of grant " + grant + " on " + locks + " is over (" + known + ")",
                known == Loss.SESSION_ENDED ? "session-ended" : known == Loss.BROKEN ? "grant-ended" : "",
                known);
    }

    @Override
    public boolean stopping() {
        SessionState state = session.clock().at(loop.now());
        return state == SessionState.STOPPING || events.hasStopped() || isOver();
    }

    @Override
    public void onStop(Runnable action) {
        events.onStop(action, stopping());
    }

    /** Runs a quick and harmless action on the loop itself, before all that {@link #onStop} was given. */
    void onStopNow(Runnable action) {
        events.onStopNow(action, stopping());
    }

    @Override
    public void onNotice(Consumer<Notice> listener) {
        events.onNotice(listener);
    }

    @Override
    public CompletableFuture<Loss> lost() {
        return events.lost();
    }

    /** The work must end. */
    void stop() {
        events.stop();
    }

    /** It is over; the first time counts. */
    void lose(Loss how) {
        if (loss == null) {
            loss = how;
            limit.clear();
            session.leases.remove(grant);
            events.stop();
            events.lose(how);
            released.complete(how == Loss.RELEASED);
            owner.settle();
        }
    }

    /** Takes what a keepalive says of it; {@code before} is the moment after which anything new was announced. */
    void notices(List<NoticeBody> notices, Mark before) {
        if (loss != null) {
            return;
        }
        Ending announced = null;
        for (NoticeBody notice : notices) {
            Long after = notice.afterMs();
            if (notice.kind().equals(NoticeBody.BREAK_ANNOUNCED) && after != null) {
                Ending known = ending;
                Mark from = before.isAfter(asked) ? before : asked;
                announced = known != null && known.millis() == after ? known : new Ending(from, after);
            }
        }
        if (announced != null && !announced.equals(ending)) {
            ending = announced;
            long left = announced.leftNanos(loop.now()) / 1_000_000;
            loop.schedule(Math.max(0, left - left / 5), this::stop);
            expireIn(announced, left);
        } else if (announced == null) {
            ending = null;
        }
        events.notices(notices);
    }

    private void expireIn(Ending end, long millis) {
        loop.schedule(Math.max(0, millis), () -> {
            if (end.equals(ending)) {
                long left = end.leftNanos(loop.now());
                if (left <= 0) {
                    lose(Loss.BROKEN);
                } else {
                    expireIn(end, left / 1_000_000 + 1);
                }
            }
        });
    }

    @Override
    public boolean endAfter(Duration time) {
        long millis = LeaseLimit.millis(time);
        return Blocking.get(Blocking.on(loop, () -> CompletableFuture.completedFuture(limit(millis))));
    }

    /** The same on the loop. */
    boolean limit(long millis) {
        if (stopping()) {
            return false;
        }
        limit.set(millis);
        return true;
    }

    /** Asks for the grant when a keepalive did not list it: an administrator may have taken it. */
    void verify() {
        if (verifying || releasing || loss != null) {
            return;
        }
        verifying = true;
        Futures.onComplete(
                caller.call(Call.of("GET", "/v1/grants/" + grant, "")
                        .headers(headers)
                        .check(reply -> reply.read(GrantBody::read))),
                (reply, failure) -> {
                    verifying = false;
                    if (reply != null && (reply.status() == 410 || reply.status() == 404)) {
                        lose(endIn(reply));
                    }
                });
    }

    @Override
    public boolean upgrade() {
        return change(Mode.EXCLUSIVE);
    }

    @Override
    public void downgrade() {
        change(Mode.SHARED);
    }

    private boolean change(Mode to) {
        check();
        if (mode == to) {
            return true;
        }
        return Blocking.get(Blocking.on(loop, () -> changed(to)));
    }

    private CompletableFuture<Boolean> changed(Mode to) {
        String body = new String(Json.write(new ModeRequest(to.text())), StandardCharsets.UTF_8);
        Call call = Call.of("PATCH", "/v1/grants/" + grant, body)
                .headers(headers)
                .header("If-Match", Tokens.entityTag(token))
                .check(reply -> granted(reply));
        return caller.call(call)
                .thenCompose(reply -> {
                    // An earlier try may have given the new token, so that this one found another.
                    boolean unknown = reply.status() == 412 && reply.repeated();
                    return unknown ? reread() : CompletableFuture.completedFuture(reply);
                })
                .thenApply(reply -> {
                    if (reply.status() == 409) {
                        return false;
                    }
                    if (reply.status() == 410 || reply.status() == 404) {
                        lose(endIn(reply));
                        throw lostException();
                    }
                    if (reply.status() >= 400) {
                        throw Failures.of(reply);
                    }
                    GrantBody now = granted(reply.response().body());
                    token = now.token() == null ? token : now.token();
                    mode = now.mode() == null ? to : Mode.of(now.mode());
                    return mode == to;
                });
    }

    /** How it ended, as a server says that does not have it any more. */
    private static Loss endIn(Reply reply) {
        return reply.slug().equals("session-ended") ? Loss.SESSION_ENDED : Loss.BROKEN;
    }

    private CompletableFuture<Reply> reread() {
        return caller.call(
                Call.of("GET", "/v1/grants/" + grant, "").headers(headers).check(reply -> granted(reply)));
    }

    private GrantBody granted(Reply reply) throws MalformedJsonException {
        GrantBody body = reply.read(GrantBody::read);
        if (!body.id().equals(grant) || body.token() == null || !body.isGranted()) {
            throw new MalformedJsonException("a grant that is not " + grant + " or has no token");
        }
        return body;
    }

    private static GrantBody granted(byte[] body) {
        try {
            return Json.read(body, GrantBody::read);
        } catch (MalformedJsonException e) {
            throw new IllegalStateException("it was read before", e);
        }
    }

    @Override
    public boolean handOver(String ticket) {
        check();
        return Blocking.get(Blocking.on(loop, () -> handedOver(ticket)));
    }

    private CompletableFuture<Boolean> handedOver(String ticket) {
        String to = URLEncoder.encode(ticket, StandardCharsets.UTF_8);
        Call call = Call.of("DELETE", "/v1/grants/" + grant + "?to=" + to, "")
                .headers(headers)
                .header("If-Match", Tokens.entityTag(token))
                .within(RELEASE_MILLIS);
        return caller.call(call).handle((reply, failure) -> {
            if (reply != null && reply.status() == 409 && !reply.repeated()) {
                return false;
            }
            if (reply != null && reply.status() < 300) {
                lose(Loss.RELEASED);
                return true;
            }
            // A copy of the request may still be on its way: the only safe way on is to have nothing any more.
            Futures.forget(release());
            if (reply != null && !reply.repeated() && reply.status() != 410 && reply.status() != 404) {
                throw Failures.of(reply);
            }
            throw lostException();
        });
    }

    /** Releases it; returns whether it was held until then. Also for one that was lost. */
    CompletableFuture<Boolean> release() {
        return release(0);
    }

    /** The same, and its locks stay closed for so long. */
    CompletableFuture<Boolean> release(long closedMillis) {
        if (!returned) {
            returned = true;
            end(closedMillis);
        }
        return released;
    }

    /** It ends as its holder wanted, which need not know yet. */
    private void end() {
        if (!returned) {
            end(0);
        }
    }

    private void end(long closedMillis) {
        if (!releasing) {
            releaseAtServer(closedMillis);
        }
        if (!given) {
            given = true;
            Futures.onComplete(released, (held, failure) -> owner.gave());
        }
    }

    private void releaseAtServer(long closedMillis) {
        boolean limited = Ending.isPast(limit.end(), loop.now());
        limit.clear();
        if (loss != null) {
            released.complete(loss == Loss.RELEASED);
            return;
        }
        if (session.isOver(loop.now())) {
            lose(Loss.EXPIRED);
            return;
        }
        releasing = true;
        boolean broken = Ending.isPast(ending, loop.now());
        loss = broken ? Loss.BROKEN : limited ? Loss.EXPIRED : Loss.RELEASED;
        delete(true, loss == Loss.RELEASED ? closedMillis : 0);
    }

    private void delete(boolean conditional, long closedMillis) {
        // An end of the session would open the locks, so a release that closes them is asked for longer.
        String query = closedMillis > 0 ? "?closedFor=" + Durations.text(Duration.ofMillis(closedMillis)) : "";
        Call call = Call.of("DELETE", "/v1/grants/" + grant + query, "")
                .headers(headers)
                .within(closedMillis > 0 ? Call.DEADLINE_MILLIS : RELEASE_MILLIS);
        Futures.onComplete(
                caller.call(conditional ? call.header("If-Match", Tokens.entityTag(token)) : call),
                (reply, failure) -> {
                    if (reply != null && reply.status() == 412 && conditional) {
                        // A change of mode whose outcome is unknown gave it another token.
                        delete(false, closedMillis);
                        return;
                    }
                    boolean ended = reply != null && (reply.status() == 410 || reply.status() == 404);
                    if (ended) {
                        loss = endIn(reply);
                    } else if (reply == null || reply.status() >= 300) {
                        session.doubtful = true;
                    }
                    session.leases.remove(grant);
                    Loss how = loss == null ? Loss.RELEASED : loss;
                    events.stop();
                    events.lose(how);
                    released.complete(how == Loss.RELEASED);
                });
    }

    @Override
    public void close() {
        release(Duration.ZERO);
    }

    @Override
    public void release(Duration closedFor) {
        if (closedFor.isNegative() || closedFor.compareTo(CLOSED_MAX) > 0) {
            throw new IllegalArgumentException("locks stay closed for 0 to 24 h, not " + closedFor);
        }
        long closedMillis = closedFor.plusNanos(999_999).toMillis();
        Blocking.quietly(Blocking.on(loop, () -> release(closedMillis)));
    }

    @Override
    public String toString() {
        return "lease " + grant + " on " + locks + " with token " + token + ", "
                + Durations.text(Duration.ofMillis(remaining().toMillis())) + " left";
    }
}
