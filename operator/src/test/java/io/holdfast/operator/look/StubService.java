package io.holdfast.operator.look;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.api.ClusterBody;
import io.holdfast.api.Json;
import io.holdfast.api.MembersChange;
import io.holdfast.api.Problem;
import io.holdfast.api.ProblemType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A node of the service as far as it is asked here, on a free port of the loopback address. */
public final class StubService implements AutoCloseable {

    /** Answers one request. */
    @FunctionalInterface
    public interface Reply {
        void to(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    public StubService() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Requests so far, each as method, target and body. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Sets the answer to a method at a path, without its query. */
    public StubService on(String methodAndPath, Reply reply) {
        replies.put(methodAndPath, reply);
        return this;
    }

    public static Reply json(int status, Json.Writable body) {
        return exchange -> send(exchange, status, "application/json", Json.write(body));
    }

    public static Reply problem(ProblemType type, String detail) {
        return exchange -> send(
                exchange,
                type.status(),
                Problem.MEDIA_TYPE,
                Json.write(
                        Problem.of(type, detail).build(exchange.getRequestURI().getPath())));
    }

    public static Reply text(int status, String body) {
        return exchange -> send(exchange, status, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    /** Answers nothing until this is closed. */
    public Reply silence() {
        return exchange -> {
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    public static MembersChange change(long version) {
        return new MembersChange(
                false, true, true, false, new ClusterBody.Configuration(version, List.of(), 1, 1), List.of());
    }

    public static ClusterBody cluster(String id, int node, int leader, ClusterBody.Member... members) {
        return new ClusterBody(
                id, node, "0.1.0", 3, leader, 7, 1_795_276_800_123L, 3, null, true, true, List.of(members), List.of());
    }

    public static ClusterBody.Member member(int id, String role, String state) {
        return member(id, role, state, "orders-voter-" + id + "-0.orders-peers.shop.svc:7101");
    }

    public static ClusterBody.Member member(int id, String role, String state, String address) {
        return new ClusterBody.Member(
                id, role, address, null, "0.1.0", state, "broadcast", "3-1", "3-1", "3-1", 0L, "d" + id, "d" + id);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String target = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(target + (body.isEmpty() ? "" : " " + body));
        Reply reply = replies.get(
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
        try {
            (reply == null ? text(404, "nothing") : reply).to(exchange);
        } finally {
            exchange.close();
        }
    }

    public static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
