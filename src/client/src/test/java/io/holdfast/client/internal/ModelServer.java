package io.holdfast.client.internal;

import io.holdfast.api.Durations;
import io.holdfast.api.GrantBody;
import io.holdfast.api.GrantRequest;
import io.holdfast.api.Json;
import io.holdfast.api.KeepaliveItem;
import io.holdfast.api.KeepaliveOfMany;
import io.holdfast.api.KeepalivesOfMany;
import io.holdfast.api.LockBody;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.Mode;
import io.holdfast.api.ModeRequest;
import io.holdfast.api.NoticeBody;
import io.holdfast.api.OpenedSession;
import io.holdfast.api.Problem;
import io.holdfast.api.SessionOpening;
import io.holdfast.client.spi.TransportRequest;
import io.holdfast.client.spi.TransportResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The rules of the server that a client can see, in a few lines: sessions with a ttl, tickets in order, exclusive and
 * shared locks and sets of them. On one loop.
 */
final class ModelServer {

    /** A ticket or a grant. */
    static final class Ticket {
        final String id;
        final Session session;
        final GrantRequest request;
        final long since;
        final long waitMillis;
        long token;
        boolean shared;

        Ticket(String id, Session session, GrantRequest request, long since, long waitMillis) {
            this.id = id;
            this.session = session;
            this.request = request;
            this.since = since;
            this.waitMillis = waitMillis;
            this.shared = Mode.SHARED.text().equals(request.mode());
        }

        List<String> locks() {
            return request.locks() != null
                    ? request.locks().stream()
                            .map(io.holdfast.api.LockRequest::name)
                            .toList()
                    : List.of(String.valueOf(request.lock()));
        }
    }

    /** A session. */
    static final class Session {
        final String id;
        final long ttl;
        long ends;

        Session(String id, long ttl) {
            this.id = id;
            this.ttl = ttl;
        }
    }

    private final Loop loop;
    private final Map<String, Session> sessions = new LinkedHashMap<>();
    private final Map<String, String> keys = new HashMap<>();
    final Map<String, Ticket> tickets = new LinkedHashMap<>();
    private final Set<String> endedSessions = new HashSet<>();
    private final Set<String> endedGrants = new HashSet<>();
    private final List<Runnable> waiters = new ArrayList<>();

    /** Until when locks are closed, by name. */
    private final Map<String, Long> closedUntil = new HashMap<>();

    final List<NoticeBody> notices = new ArrayList<>();
    final Map<String, Integer> calls = new HashMap<>();

    /** Grants that keepalives leave out, as a node that is behind would. */
    final Set<String> unlisted = new HashSet<>();

    private long lastToken;
    private int changes;
    private int lastSession;

    ModelServer(Loop loop) {
        this.loop = loop;
    }

    private long millis() {
        return loop.now().monotonicNanos() / 1_000_000;
    }

    int sessionCount() {
        expire();
        return sessions.size();
    }

    int called(String call) {
        return calls.getOrDefault(call, 0);
    }

    /** Ends a session as an administrator would. */
    void endSessionOf(String grant) {
        end(tickets.get(grant).session);
    }

    /** Takes a lock as an administrator would. */
    void breakGrant(String grant) {
        tickets.remove(grant);
        endedGrants.add(grant);
        changed();
    }

    CompletableFuture<TransportResponse> handle(TransportRequest request) {
        expire();
        String path = request.target().replaceAll("\\?.*", "");
        String query = request.target().substring(path.length());
        try {
            String call = request.method() + " " + path.replaceAll("(/v1/(grants|sessions)/)[^/-][^/]+", "$1id");
            calls.merge(call, 1, Integer::sum);
            byte[] body = request.body().getBytes(StandardCharsets.UTF_8);
            if (call.startsWith("GET /v1/locks/")) {
                return lock(path.substring("/v1/locks/".length()), query);
            }
            return switch (call) {
                case "POST /v1/sessions" ->
                    now(open(
                            Json.read(body, SessionOpening::read),
                            request.headers().get("Idempotency-Key")));
                case "POST /v1/sessions/-/keepalive" -> now(keepAlive(Json.read(body, KeepaliveOfMany::read)));
                case "DELETE /v1/sessions/id" -> now(endSession(last(path)));
                case "PUT /v1/grants/id" ->
                    held(put(last(path), Json.read(body, GrantRequest::read)), last(path), query);
                case "GET /v1/grants/id" -> held(get(last(path)), last(path), query);
                case "PATCH /v1/grants/id" ->
                    now(patch(
                            last(path),
                            Json.read(body, ModeRequest::read),
                            request.headers().get("If-Match")));
                case "DELETE /v1/grants/id" ->
                    now(delete(last(path), query, request.headers().get("If-Match")));
                default -> now(problem(404, "path-unknown"));
            };
        } catch (MalformedJsonException e) {
            throw new AssertionError("the client sent " + request, e);
        }
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static CompletableFuture<TransportResponse> now(TransportResponse response) {
        return CompletableFuture.completedFuture(response);
    }

    private TransportResponse open(SessionOpening opening, String key) {
        String known = keys.get(key);
        Session session = known == null ? null : sessions.get(known);
        if (known != null && session == null) {
            return problem(410, "session-ended");
        }
        if (session == null) {
            long ttl =
                    Durations.parse(String.valueOf(opening.ttl())).orElseThrow().toMillis();
            session = new Session("3-" + ++lastSession, ttl);
            session.ends = millis() + ttl;
            sessions.put(session.id, session);
            keys.put(key, session.id);
        }
        return answer(201, new OpenedSession(session.id, session.ttl, 500, 86_400_000, null, "model"));
    }

    private TransportResponse keepAlive(KeepaliveOfMany request) {
        List<KeepaliveItem> items = new ArrayList<>();
        for (String id : request.ids()) {
            Session session = sessions.get(id);
            if (session == null) {
                String state = endedSessions.contains(id) ? KeepaliveItem.ENDED : KeepaliveItem.UNKNOWN;
                items.add(new KeepaliveItem(id, state, 0, null, null, null, List.of()));
                continue;
            }
            session.ends = millis() + session.ttl;
            List<Ticket> mine = tickets.values().stream()
                    .filter(ticket -> ticket.session == session)
                    .toList();
            items.add(new KeepaliveItem(
                    id,
                    KeepaliveItem.ALIVE,
                    session.ttl,
                    null,
                    mine.stream()
                            .filter(ticket -> !unlisted.contains(ticket.id))
                            .map(this::body)
                            .toList(),
                    null,
                    notices.stream()
                            .filter(notice -> mine.stream().anyMatch(ticket -> ticket.id.equals(notice.grant())))
                            .toList()));
        }
        return answer(200, new KeepalivesOfMany(items));
    }

    private TransportResponse endSession(String id) {
        Session session = sessions.get(id);
        if (session != null) {
            end(session);
        }
        return new TransportResponse(204, Map.of(), new byte[0]);
    }

    private void end(Session session) {
        sessions.remove(session.id);
        endedSessions.add(session.id);
        List<Ticket> gone = tickets.values().stream()
                .filter(ticket -> ticket.session == session)
                .toList();
        gone.forEach(ticket -> {
            tickets.remove(ticket.id);
            endedGrants.add(ticket.id);
        });
        changed();
    }

    private TransportResponse put(String id, GrantRequest request) {
        if (endedGrants.contains(id)) {
            return problem(410, "grant-ended");
        }
        Session session = sessions.get(request.session());
        if (session == null) {
            return endedSessions.contains(request.session())
                    ? problem(410, "session-ended")
                    : problem(404, "session-unknown");
        }
        if (!tickets.containsKey(id)) {
            long wait = request.waitFor() == null
                    ? 0
                    : Durations.parse(request.waitFor()).orElseThrow().toMillis();
            tickets.put(id, new Ticket(id, session, request, millis(), wait));
            changed();
            expire();
            if (!tickets.containsKey(id)) {
                return problem(423, "lock-held");
            }
        }
        return get(id);
    }

    private TransportResponse get(String id) {
        Ticket ticket = tickets.get(id);
        if (ticket == null) {
            return endedGrants.contains(id) ? problem(410, "grant-ended") : problem(404, "grant-unknown");
        }
        return answer(ticket.token > 0 ? 200 : 202, body(ticket));
    }

    private TransportResponse patch(String id, ModeRequest request, String match) {
        Ticket ticket = tickets.get(id);
        if (ticket == null) {
            return get(id);
        }
        if (!("\"" + ticket.token + "\"").equals(match)) {
            return problem(412, "token-stale");
        }
        boolean exclusive = request.mode().equals(Mode.EXCLUSIVE.text());
        boolean alone = tickets.values().stream()
                .noneMatch(other ->
                        other != ticket && other.token > 0 && other.locks().equals(ticket.locks()));
        if (exclusive && !alone) {
            return problem(409, "mode-refused");
        }
        if (exclusive && ticket.shared) {
            ticket.token = ++lastToken;
        }
        ticket.shared = !exclusive;
        changed();
        return get(id);
    }

    private TransportResponse delete(String id, String query, String match) {
        Ticket ticket = tickets.get(id);
        if (ticket != null && match != null && !("\"" + ticket.token + "\"").equals(match)) {
            return problem(412, "token-stale");
        }
        if (ticket == null && match != null && !endedGrants.contains(id + " by its holder")) {
            return problem(endedGrants.contains(id) ? 410 : 404, "grant-ended");
        }
        if (query.startsWith("?to=") && !tickets.containsKey(query.substring(4))) {
            return problem(409, "transfer-refused");
        }
        if (ticket != null && ticket.token > 0 && query.startsWith("?closedFor=")) {
            long until = millis()
                    + Durations.parse(query.substring(11)).orElseThrow().toMillis();
            ticket.locks().forEach(lock -> closedUntil.merge(lock, until, Math::max));
        }
        tickets.remove(id);
        endedGrants.add(id);
        endedGrants.add(id + " by its holder");
        if (query.startsWith("?to=")) {
            tickets.get(query.substring(4)).token = ++lastToken;
        }
        changed();
        return new TransportResponse(204, Map.of(), new byte[0]);
    }

    private CompletableFuture<TransportResponse> held(TransportResponse first, String id, String query) {
        if (first.status() != 202 || !query.startsWith("?poll=")) {
            return now(first);
        }
        long poll = Durations.parse(query.substring(6)).orElseThrow().toMillis();
        CompletableFuture<TransportResponse> answer = new CompletableFuture<>();
        Runnable look = () -> {
            if (get(id).status() != 202) {
                answer.complete(get(id));
            }
        };
        waiters.add(look);
        loop.schedule(poll, () -> {
            waiters.remove(look);
            expire();
            answer.complete(get(id));
        });
        return answer;
    }

    /** Ends what is over and grants what is next; a lease lasts a thousandth longer than the client may count on. */
    private void expire() {
        long now = millis();
        List.copyOf(sessions.values()).stream()
                .filter(session -> now > session.ends + session.ttl / 1000)
                .forEach(this::end);
        List<Ticket> late = tickets.values().stream()
                .filter(ticket -> ticket.token == 0 && now >= ticket.since + ticket.waitMillis)
                .toList();
        for (Ticket ticket : late) {
            tickets.remove(ticket.id);
            endedGrants.add(ticket.id);
        }
        boolean opens = closedUntil.values().removeIf(until -> now >= until);
        if (opens || !late.isEmpty()) {
            changed();
        }
    }

    private void changed() {
        changes++;
        Set<String> closed = new HashSet<>(closedUntil.keySet());
        Set<String> shared = new HashSet<>();
        Stream.concat(
                        tickets.values().stream().filter(ticket -> ticket.token > 0),
                        tickets.values().stream().filter(ticket -> ticket.token == 0))
                .toList()
                .forEach(ticket -> {
                    boolean free = ticket.locks().stream()
                            .noneMatch(lock -> closed.contains(lock) || (!ticket.shared && shared.contains(lock)));
                    if (ticket.token == 0 && free) {
                        ticket.token = ++lastToken;
                    }
                    (ticket.shared && free ? shared : closed).addAll(ticket.locks());
                });
        List.copyOf(waiters).forEach(Runnable::run);
    }

    /** Time passes for sessions too, whether or not a request comes. */
    void beat() {
        expire();
        loop.schedule(50, this::beat);
    }

    private GrantBody body(Ticket ticket) {
        boolean one = ticket.request.locks() == null;
        List<GrantBody.HeldLock> several = one
                ? null
                : ticket.locks().stream()
                        .map(name -> new GrantBody.HeldLock(name, "exclusive", null, null))
                        .toList();
        return new GrantBody(
                ticket.id,
                ticket.request.lock(),
                one ? (ticket.shared ? Mode.SHARED : Mode.EXCLUSIVE).text() : null,
                null,
                null,
                several,
                ticket.token > 0 ? GrantBody.GRANTED : GrantBody.WAITING,
                ticket.token > 0 ? ticket.token : null,
                ticket.session.id,
                ticket.token > 0 ? null : 1,
                null,
                ticket.waitMillis,
                null,
                null,
                null,
                null,
                null);
    }

    static TransportResponse answer(int status, Json.Writable document) {
        return new TransportResponse(status, Map.of(), Json.write(document));
    }

    static TransportResponse problem(int status, String slug) {
        return answer(
                status,
                new Problem(
                        Problem.URN + slug,
                        slug,
                        status,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    private CompletableFuture<TransportResponse> lock(String name, String query) {
        if (!query.startsWith("?changedSince=3-" + changes + "&")) {
            return now(answer(200, lockBody(name)));
        }
        long poll =
                Durations.parse(query.replaceAll(".*poll=", "")).orElseThrow().toMillis();
        CompletableFuture<TransportResponse> answer = new CompletableFuture<>();
        Runnable look = () -> answer.complete(answer(200, lockBody(name)));
        waiters.add(look);
        loop.schedule(poll, () -> {
            waiters.remove(look);
            answer.complete(new TransportResponse(204, Map.of(), new byte[0]));
        });
        return answer;
    }

    private LockBody lockBody(String name) {
        List<Ticket> of = tickets.values().stream()
                .filter(ticket -> ticket.locks().contains(name))
                .toList();
        List<LockBody.Holder> holders = of.stream()
                .filter(ticket -> ticket.token > 0)
                .map(ticket -> new LockBody.Holder(
                        ticket.id,
                        ticket.session.id,
                        "model",
                        ticket.token,
                        "exclusive",
                        null,
                        null,
                        null,
                        ticket.request.metadata(),
                        null))
                .toList();
        List<LockBody.Waiter> queue = of.stream()
                .filter(ticket -> ticket.token == 0)
                .map(ticket -> new LockBody.Waiter(
                        ticket.id, ticket.session.id, 1, "exclusive", null, null, ticket.request.metadata(), null))
                .toList();
        return new LockBody(
                name, "exclusive", 1, holders, holders.size(), queue, queue.size(), List.of(), 0, "3-" + changes);
    }
}
