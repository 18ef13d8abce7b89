package io.holdfast.cli.keeper;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.api.Durations;
import io.holdfast.api.GrantBody;
import io.holdfast.api.GrantRequest;
import io.holdfast.api.Json;
import io.holdfast.api.KeepaliveItem;
import io.holdfast.api.KeepaliveOfMany;
import io.holdfast.api.KeepalivesOfMany;
import io.holdfast.api.LockBody;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.Metadata;
import io.holdfast.api.NoticeBody;
import io.holdfast.api.OpenedSession;
import io.holdfast.api.Problem;
import io.holdfast.api.SessionOpening;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The part of a node that the keeper calls: sessions that expire, exclusive locks with a queue, notices. It can be told
 * not to answer. Any thread.
 */
final class FakeNode implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Session> sessions = new LinkedHashMap<>();

    /** Ids of sessions by the keys of the requests that opened them. */
    private final Map<String, String> opened = new LinkedHashMap<>();

    private final Map<String, Ticket> tickets = new LinkedHashMap<>();
    private final Map<String, Long> grantedAt = new HashMap<>();
    private final List<NoticeBody> notices = new ArrayList<>();
    private boolean silent;
    private boolean closed;
    private long lastToken;
    private int lastSession;
    private String refusal = "";

    /** A session and when it expires, in nanoseconds. */
    private static final class Session {
        final String id;
        final String name;
        final long ttlMillis;
        long expires;

        Session(String id, String name, long ttlMillis) {
            this.id = id;
            this.name = name;
            this.ttlMillis = ttlMillis;
            renew();
        }

        void renew() {
            expires = System.nanoTime() + ttlMillis * 1_001_000;
        }
    }

    /** A ticket; granted once it has a token. */
    private record Ticket(
            String id,
            String session,
            List<String> locks,
            @Nullable GrantRequest request,
            long[] token) {

        @Nullable
        Metadata metadata() {
            return request == null ? null : request.metadata();
        }
    }

    /** A node on a free port of the loopback address. */
    FakeNode() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Whether requests are read and not answered. */
    synchronized void silence(boolean on) {
        silent = on;
        notifyAll();
    }

    /** Refuses to open sessions, with that problem. */
    synchronized void refuse(String slug) {
        refusal = slug;
    }

    /** How many sessions there are. */
    synchronized int sessions() {
        expire();
        return sessions.size();
    }

    /** The token of the lock's holder; 0 when there is none. */
    synchronized long holder(String lock) {
        expire();
        return tickets.values().stream()
                .filter(ticket -> ticket.token()[0] > 0 && ticket.locks().contains(lock))
                .mapToLong(ticket -> ticket.token()[0])
                .findFirst()
                .orElse(0);
    }

    /** How many wait for the lock. */
    synchronized long waiting(String lock) {
        expire();
        return tickets.values().stream()
                .filter(ticket -> ticket.token()[0] == 0 && ticket.locks().contains(lock))
                .count();
    }

    /** What the lock's holder says about itself. */
    synchronized String metadata(String lock) {
        return tickets.values().stream()
                .filter(ticket -> ticket.token()[0] > 0 && ticket.locks().contains(lock) && ticket.metadata() != null)
                .map(ticket -> ticket.metadata().json())
                .findFirst()
                .orElse("");
    }

    /** Another client takes the lock, or waits for it; returns its ticket. */
    synchronized String take(String lock, String name) {
        String session = "9-" + ++lastSession;
        sessions.put(session, new Session(session, name, 3_600_000));
        String id = "other-" + lastSession;
        tickets.put(id, new Ticket(id, session, List.of(lock), null, new long[1]));
        grant();
        return id;
    }

    /** Another client gives its ticket back. */
    synchronized void give(String id) {
        tickets.remove(id);
        grant();
    }

    /** When that ticket was granted, by the shared clock; 0 when it was not. */
    synchronized long grantedAt(String id) {
        expire();
        return grantedAt.getOrDefault(id, 0L);
    }

    /** Ends the session of the lock's holder. */
    synchronized void endHolder(String lock) {
        tickets.values().stream()
                .filter(ticket -> ticket.token()[0] > 0 && ticket.locks().contains(lock))
                .map(Ticket::session)
                .findFirst()
                .ifPresent(sessions::remove);
        tickets.values().removeIf(ticket -> !sessions.containsKey(ticket.session()));
        grant();
    }

    /** An administrator takes the lock from its holder, at once or later. */
    synchronized void breakHolder(String lock, long afterMillis) {
        Ticket holder = tickets.values().stream()
                .filter(ticket -> ticket.token()[0] > 0 && ticket.locks().contains(lock))
                .findFirst()
                .orElseThrow();
        if (afterMillis == 0) {
            tickets.remove(holder.id());
            grant();
        } else {
            notices.add(new NoticeBody(
                    NoticeBody.BREAK_ANNOUNCED, holder.id(), null, null, "admin", "maintenance", afterMillis));
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            String query = String.valueOf(exchange.getRequestURI().getRawQuery());
            synchronized (this) {
                expire();
                while (silent && !closed) {
                    wait(100);
                }
                if (!closed) {
                    answer(exchange, exchange.getRequestMethod(), path, query, body);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (MalformedJsonException e) {
            throw new IOException(e);
        }
    }

    private void answer(HttpExchange exchange, String method, String path, String query, byte[] body)
            throws IOException, InterruptedException, MalformedJsonException {
        String last = path.substring(path.lastIndexOf('/') + 1);
        if (path.equals("/v1/sessions")) {
            open(exchange, Json.read(body, SessionOpening::read));
        } else if (path.equals("/v1/sessions/-/keepalive")) {
            send(exchange, 200, keepAlive(Json.read(body, KeepaliveOfMany::read)));
        } else if (method.equals("DELETE")) {
            sessions.remove(last);
            tickets.values()
                    .removeIf(ticket ->
                            ticket.id().equals(last) || ticket.session().equals(last));
            grant();
            exchange.sendResponseHeaders(204, -1);
        } else if (path.startsWith("/v1/locks/")) {
            send(exchange, 200, lock(path.substring("/v1/locks/".length())));
        } else {
            ticket(exchange, last, method, query, body);
        }
    }

    private void open(HttpExchange exchange, SessionOpening opening) throws IOException {
        if (!refusal.isEmpty()) {
            send(exchange, refusal.equals("forbidden") ? 403 : 400, problem(refusal));
            return;
        }
        long ttl = Durations.parse(String.valueOf(opening.ttl())).orElseThrow().toMillis();
        // The same request again, whose first answer came too late.
        String key = String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
        String id = opened.computeIfAbsent(key, any -> "7-" + ++lastSession);
        sessions.putIfAbsent(id, new Session(id, String.valueOf(opening.name()), ttl));
        send(exchange, 201, new OpenedSession(id, ttl, 500, 86_400_000, 1, "fake"));
    }

    private KeepalivesOfMany keepAlive(KeepaliveOfMany request) {
        List<KeepaliveItem> items = new ArrayList<>();
        for (String id : request.ids()) {
            Session session = sessions.get(id);
            if (session == null) {
                items.add(new KeepaliveItem(id, KeepaliveItem.ENDED, 0, null, null, null, List.of()));
                continue;
            }
            session.renew();
            List<Ticket> mine = tickets.values().stream()
                    .filter(ticket -> ticket.session().equals(id))
                    .toList();
            items.add(new KeepaliveItem(
                    id,
                    KeepaliveItem.ALIVE,
                    session.ttlMillis,
                    1,
                    mine.stream().map(FakeNode::body).toList(),
                    null,
                    notices.stream()
                            .filter(notice ->
                                    mine.stream().anyMatch(ticket -> ticket.id().equals(notice.grant())))
                            .toList()));
        }
        return new KeepalivesOfMany(items);
    }

    private void ticket(HttpExchange exchange, String id, String method, String query, byte[] body)
            throws IOException, InterruptedException, MalformedJsonException {
        if (method.equals("PUT") && !tickets.containsKey(id)) {
            GrantRequest request = Json.read(body, GrantRequest::read);
            List<String> locks = request.locks() == null
                    ? List.of(String.valueOf(request.lock()))
                    : request.locks().stream()
                            .map(io.holdfast.api.LockRequest::name)
                            .toList();
            tickets.put(id, new Ticket(id, request.session(), locks, request, new long[1]));
            grant();
            if (tickets.get(id).token()[0] == 0
                    && String.valueOf(request.waitFor()).equals("0s")) {
                tickets.remove(id);
                send(exchange, 423, problem("lock-held"));
                return;
            }
        }
        long poll = query.startsWith("poll=")
                ? Durations.parse(query.substring(5)).orElseThrow().toMillis()
                : 0;
        long end = System.nanoTime() + poll * 1_000_000;
        while (tickets.containsKey(id) && tickets.get(id).token()[0] == 0 && System.nanoTime() < end && !closed) {
            wait(100);
            expire();
        }
        Ticket ticket = tickets.get(id);
        if (ticket == null) {
            send(exchange, 410, problem("grant-ended"));
        } else {
            send(exchange, ticket.token()[0] > 0 ? 200 : 202, body(ticket));
        }
    }

    private LockBody lock(String name) {
        List<Ticket> of = tickets.values().stream()
                .filter(ticket -> ticket.locks().contains(name))
                .toList();
        List<LockBody.Holder> holders = of.stream()
                .filter(ticket -> ticket.token()[0] > 0)
                .map(ticket -> new LockBody.Holder(
                        ticket.id(),
                        ticket.session(),
                        sessions.get(ticket.session()).name,
                        ticket.token()[0],
                        "exclusive",
                        null,
                        252_000L,
                        null,
                        null,
                        null))
                .toList();
        List<LockBody.Waiter> waiters = new ArrayList<>();
        of.stream()
                .filter(ticket -> ticket.token()[0] == 0)
                .forEach(ticket -> waiters.add(new LockBody.Waiter(
                        ticket.id(), ticket.session(), waiters.size() + 1, "exclusive", null, null, null, null)));
        return new LockBody(
                name, "exclusive", 1, holders, holders.size(), waiters, waiters.size(), List.of(), 0, "3-1");
    }

    private void expire() {
        long now = System.nanoTime();
        if (sessions.values().removeIf(session -> session.expires - now < 0)) {
            tickets.values().removeIf(ticket -> !sessions.containsKey(ticket.session()));
        }
        grant();
    }

    private void grant() {
        for (Ticket ticket : tickets.values()) {
            boolean free = tickets.values().stream()
                    .noneMatch(other ->
                            other.token()[0] > 0 && other.locks().stream().anyMatch(ticket.locks()::contains));
            if (ticket.token()[0] == 0 && free) {
                ticket.token()[0] = ++lastToken;
                grantedAt.put(ticket.id(), Uptime.ofMachine().hundredths());
            }
        }
        notifyAll();
    }

    private static GrantBody body(Ticket ticket) {
        boolean one = ticket.locks().size() == 1;
        GrantRequest request = ticket.request();
        boolean asked = one && request != null;
        boolean granted = ticket.token()[0] > 0;
        List<GrantBody.HeldLock> several = one
                ? null
                : ticket.locks().stream()
                        .map(name -> new GrantBody.HeldLock(name, "exclusive", null, null))
                        .toList();
        return new GrantBody(
                ticket.id(),
                one ? ticket.locks().get(0) : null,
                asked && request.mode() != null ? request.mode() : one ? "exclusive" : null,
                asked ? request.permits() : null,
                asked ? request.limit() : null,
                several,
                granted ? GrantBody.GRANTED : GrantBody.WAITING,
                granted ? ticket.token()[0] : null,
                ticket.session(),
                granted ? null : 1,
                null,
                0,
                null,
                null,
                null,
                null,
                null);
    }

    private static Problem problem(String slug) {
        return new Problem(
                Problem.URN + slug,
                slug,
                400,
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
                null);
    }

    private static void send(HttpExchange exchange, int status, Json.Writable body) throws IOException {
        byte[] bytes = Json.write(body);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
