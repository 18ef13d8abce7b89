package io.holdfast.client.internal;

import io.holdfast.api.GrantBody;
import io.holdfast.api.Json;
import io.holdfast.api.KeepaliveItem;
import io.holdfast.api.KeepaliveOfMany;
import io.holdfast.api.KeepalivesOfMany;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.NoticeBody;
import io.holdfast.client.Loss;
import io.holdfast.client.SessionState;
import io.holdfast.client.spi.TransportRequest;
import io.holdfast.client.spi.TransportResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the sessions alive that hold or wait for something, all with one request; looks after their states. On the
 * loop.
 *
 * <p>A keepalive is due a third of a ttl after the last confirmed one was sent. When it has no answer after a sixth,
 * the next node is asked too, and the first may still answer.
 */
final class KeepAlive {

    private static final System.Logger LOG = System.getLogger(KeepAlive.class.getName());

    /** Ids that the server takes in one request. */
    static final int BATCH = 1000;

    private static final long PAUSE_MILLIS_MAX = 60_000;

    /** Bytes of an answer that is not expected, for the log. */
    private static final int SHOWN_BYTES = 500;

    private final Loop loop;
    private final Caller caller;
    private final Nodes nodes;
    private final Conduct conduct;
    private final Consumer<ClientSession> over;
    private final Set<ClientSession> active = new LinkedHashSet<>();
    private long generation;

    /** When the next look is due, on the monotonic clock, if one is. */
    private long planned;

    private boolean isPlanned;
    private boolean refused;

    /**
     * Creates one without sessions.
     *
     * @param over takes a session that was lost, once its leases and tickets know
     */
    KeepAlive(Loop loop, Caller caller, Nodes nodes, Conduct conduct, Consumer<ClientSession> over) {
        this.loop = loop;
        this.caller = caller;
        this.nodes = nodes;
        this.conduct = conduct;
        this.over = over;
    }

    /** Keeps a session alive from now on. */
    void add(ClientSession session) {
        if (active.add(session)) {
            conduct.session(session.id(), null, session.told);
            plan(inMillis(session, loop.now()));
        }
    }

    /** Keeps it alive no longer. */
    void remove(ClientSession session) {
        if (active.remove(session)) {
            conduct.session(session.id(), session.told, SessionState.CLOSED);
        }
    }

    /** Renews one before it is due, once for many calls: something happened that the answer tells of. */
    void renew(ClientSession session) {
        if (!active.contains(session)) {
            return;
        }
        // A keepalive that is under way may be answered from before that.
        session.renewAgain = session.attempts > 0;
        if (session.urgent.isEmpty()) {
            session.urgent.add(new CompletableFuture<>());
            wake();
        }
    }

    /** Renews all sessions before it is due, so that what happened is heard of now: for tests. */
    void renewNow() {
        active.forEach(session -> session.urgent.add(new CompletableFuture<>()));
        wake();
    }

    /** Looks at all sessions now: something read the clocks and found a change. */
    void wake() {
        schedule(0);
    }

    private void schedule(long millis) {
        generation++;
        long mine = generation;
        planned = loop.now().monotonicNanos() + millis * 1_000_000;
        isPlanned = true;
        loop.schedule(millis, () -> tick(mine));
    }

    /** Looks in so long at the latest: a session that is added costs nothing when that is planned already. */
    private void plan(long millis) {
        long left = planned - loop.now().monotonicNanos();
        if (!isPlanned || left > millis * 1_000_000) {
            schedule(millis);
        }
    }

    /** Milliseconds until a session must be looked at. */
    private static long inMillis(ClientSession session, Mark now) {
        return Math.min(
                PAUSE_MILLIS_MAX,
                Math.min(dueInMillis(session, now), session.clock().changeInMillis(now)));
    }

    /**
     * Returns true once the lease of a session is fresh, with a keepalive first if it is not; false when it is lost, or
     * must stop with what it holds: no keepalive makes it fresh again then.
     */
    CompletableFuture<Boolean> fresh(ClientSession session) {
        if (session.clock().isFresh(loop.now())) {
            return CompletableFuture.completedFuture(true);
        }
        CompletableFuture<Boolean> fresh = new CompletableFuture<>();
        if (session.isOver(loop.now()) || mustStop(session, loop.now())) {
            fresh.complete(false);
        } else {
            session.urgent.add(fresh);
            add(session);
            wake();
        }
        return fresh;
    }

    /** Whether work under leases of a session was told to stop. */
    private static boolean mustStop(ClientSession session, Mark now) {
        return session.clock().at(now) == SessionState.STOPPING && !session.leases.isEmpty();
    }

    private void tick(long mine) {
        if (mine != generation) {
            return;
        }
        Mark now = loop.now();
        boolean anyDue = false;
        for (ClientSession session : List.copyOf(active)) {
            look(session, now);
            anyDue |= active.contains(session) && dueInMillis(session, now) == 0;
        }
        if (anyDue) {
            sendDue(now);
        }
        if (mine != generation) {
            return;
        }
        isPlanned = !active.isEmpty();
        if (isPlanned) {
            long next = PAUSE_MILLIS_MAX;
            for (ClientSession session : active) {
                next = Math.min(next, inMillis(session, now));
            }
            schedule(Math.max(1, next));
        }
    }

    private void look(ClientSession session, Mark now) {
        if (!session.ownerLives.getAsBoolean()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a thread ended without releasing what it held; {0} is ended",
                    session);
            lost(session, Loss.RELEASED);
            return;
        }
        SessionState state = session.clock().at(now);
        if (state != session.told) {
            tell(session, state);
            if (state == SessionState.STOPPING) {
                List.copyOf(session.leases.values()).forEach(LeaseHandle::stop);
            } else if (state == SessionState.LOST) {
                lost(session, Loss.EXPIRED);
            }
        }
    }

    private void tell(ClientSession session, SessionState state) {
        conduct.session(session.id(), session.told, state);
        session.told = state;
        session.listeners.forEach(listener -> listener.accept(state));
    }

    /** Milliseconds until the next keepalive of a session is due. */
    private static long dueInMillis(ClientSession session, Mark now) {
        long due = session.urgent.isEmpty() ? session.clock().keepaliveInMillis(now) : 0;
        return session.attempts == 0
                ? due
                : Math.max(due, session.patienceMillis - session.lastAttempt.nanosUntil(now) / 1_000_000);
    }

    /** Sends what is due, and with it what is due soon: so all sessions come to share one request. */
    private void sendDue(Mark now) {
        Map<Integer, List<ClientSession>> byAttempt = active.stream()
                .filter(session -> session.attempts == 0
                        ? dueInMillis(session, now) <= session.clock().patienceMillis()
                        : dueInMillis(session, now) == 0)
                .collect(Collectors.groupingBy(session -> session.attempts, TreeMap::new, Collectors.toList()));
        byAttempt.forEach((attempt, sessions) -> {
            for (int i = 0; i < sessions.size(); i += BATCH) {
                send(nodes.get(attempt), sessions.subList(i, Math.min(sessions.size(), i + BATCH)), now);
            }
        });
    }

    private void send(URI node, List<ClientSession> sessions, Mark sent) {
        List<ClientSession> batch = List.copyOf(sessions);
        long timeout = 0;
        for (ClientSession session : batch) {
            session.attempts++;
            session.lastAttempt = sent;
            session.patienceMillis = session.clock().patienceMillis();
            timeout = Math.max(timeout, 3 * session.patienceMillis);
        }
        String body = new String(
                Json.write(new KeepaliveOfMany(
                        batch.stream().map(ClientSession::id).toList())),
                StandardCharsets.UTF_8);
        TransportRequest request = new TransportRequest(
                TransportRequest.Kind.KEEPALIVE, "POST", "/v1/sessions/-/keepalive?grants=true", Map.of(), body);
        boolean anew = refused;
        refused = false;
        Futures.onComplete(
                caller.send(node, request, Math.max(Call.TRY_MILLIS, timeout), anew), (response, failure) -> {
                    if (anew && response != null && response.status() == 401) {
                        batch.forEach(session -> session.clock().refuse());
                    }
                    answered(node, batch, sent, response, failure);
                });
    }

    private void answered(
            URI node,
            List<ClientSession> batch,
            Mark sent,
            @Nullable TransportResponse response,
            @Nullable Throwable failure) {
        String wrong = String.valueOf(failure);
        try {
            if (response != null && response.status() == 200) {
                List<KeepaliveItem> items = read(response, batch);
                nodes.answered(node);
                for (int i = 0; i < items.size(); i++) {
                    answered(batch.get(i), items.get(i), sent);
                }
                wake();
                return;
            }
            if (response != null) {
                refused |= response.status() == 401;
                wrong = said(response);
            }
        } catch (MalformedJsonException e) {
            wrong = "an answer that is none, " + e.getMessage();
        }
        // A refusal is no fault that passes: the leases are going to be lost, and their holders are told so.
        boolean isRefusal = response != null && response.status() >= 400 && response.status() < 500;
        System.Logger.Level level = isRefusal ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG;
        LOG.log(level, "{0} did not keep {1} sessions alive: {2}", node, batch.size(), wrong);
        for (ClientSession session : batch) {
            if (session.lastAttempt.equals(sent) && session.attempts > 0) {
                int round = (session.attempts - 1) / nodes.size();
                boolean more = session.attempts % nodes.size() != 0;
                long pause = more ? 0 : Backoff.millis(round, loop.random());
                session.patienceMillis = Math.min(session.patienceMillis, Math.max(1, pause));
                session.lastAttempt = loop.now();
            }
        }
        wake();
    }

    private static String said(TransportResponse response) {
        byte[] body = response.body();
        return response + ": " + new String(body, 0, Math.min(SHOWN_BYTES, body.length), StandardCharsets.UTF_8);
    }

    private static List<KeepaliveItem> read(TransportResponse response, List<ClientSession> batch)
            throws MalformedJsonException {
        List<KeepaliveItem> items =
                Json.read(response.body(), KeepalivesOfMany::read).sessions();
        if (!items.stream()
                .map(KeepaliveItem::id)
                .toList()
                .equals(batch.stream().map(ClientSession::id).toList())) {
            throw new MalformedJsonException("sessions that were not asked for");
        }
        for (KeepaliveItem item : items) {
            if (!Set.of(KeepaliveItem.ALIVE, KeepaliveItem.ENDED, KeepaliveItem.UNKNOWN)
                    .contains(item.state())) {
                throw new MalformedJsonException("a session that is " + item.state());
            }
        }
        return items;
    }

    private void answered(ClientSession session, KeepaliveItem item, Mark sent) {
        if (!active.contains(session)) {
            return;
        }
        Mark now = loop.now();
        if (!item.state().equals(KeepaliveItem.ALIVE)) {
            lost(session, Loss.SESSION_ENDED);
            return;
        }
        Mark before = session.lastConfirmed;
        if (!session.clock().confirm(sent, now, item.ttlMs(), item.driftPerMille())) {
            look(session, now);
            return;
        }
        session.attempts = 0;
        if (session.leases.isEmpty()) {
            session.clock().resume(now);
        }
        if (sent.isAfter(before)) {
            session.lastConfirmed = sent;
            tellGrants(session, item, sent, before);
        }
        look(session, now);
        if (session.clock().isFresh(now)) {
            complete(session, true);
        } else if (mustStop(session, now)) {
            complete(session, false);
        }
        if (session.renewAgain) {
            renew(session);
        }
    }

    /** Has leases and tickets look for themselves when what the server lists is not what they believe. */
    private static void tellGrants(ClientSession session, KeepaliveItem item, Mark sent, Mark before) {
        List<GrantBody> listed = item.grants();
        boolean complete = listed != null && item.moreGrants() == null;
        Map<String, GrantBody> grants = listed == null
                ? Map.of()
                : listed.stream().collect(Collectors.toMap(GrantBody::id, Function.identity(), (one, same) -> one));
        Map<String, List<NoticeBody>> notices =
                item.notices().stream().collect(Collectors.groupingBy(NoticeBody::grant));
        for (LeaseHandle lease : List.copyOf(session.leases.values())) {
            GrantBody grant = grants.get(lease.grant());
            if (complete && sent.isAfter(lease.grantedAt()) && (grant == null || !grant.isGranted())) {
                lease.verify();
            }
            lease.notices(notices.getOrDefault(lease.grant(), List.of()), before);
        }
        for (Map.Entry<String, Acquisition> ticket : Map.copyOf(session.tickets).entrySet()) {
            GrantBody grant = grants.get(ticket.getKey());
            if (grant == null ? complete : grant.isGranted()) {
                ticket.getValue().listed(grant == null, sent);
            }
        }
    }

    /** Ends a session here: for good, whatever the server may still hold. */
    void lost(ClientSession session, Loss loss) {
        if (active.remove(session)) {
            session.ended = loss;
            session.clock().end();
            over(session, loss);
        }
    }

    /** The owner of a session ends it. */
    void closed(ClientSession session, Loss loss) {
        if (active.remove(session)) {
            session.ended = loss;
            session.clock().close();
            over(session, loss);
        }
    }

    /** Ends all sessions: the client is closed. */
    void endAll() {
        List.copyOf(active).forEach(session -> closed(session, Loss.RELEASED));
    }

    private void over(ClientSession session, Loss loss) {
        SessionState state = session.clock().at(loop.now());
        if (session.told != state) {
            tell(session, state);
        }
        List.copyOf(session.leases.values()).forEach(lease -> lease.lose(loss));
        List.copyOf(session.tickets.values()).forEach(Acquisition::sessionLost);
        complete(session, false);
        over.accept(session);
    }

    private static void complete(ClientSession session, boolean fresh) {
        List<CompletableFuture<Boolean>> urgent = new ArrayList<>(session.urgent);
        session.urgent.clear();
        urgent.forEach(waiting -> waiting.complete(fresh));
    }
}
