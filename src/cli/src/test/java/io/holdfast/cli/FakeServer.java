package io.holdfast.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A node that gives the answers that it was told to give, and remembers what it was asked. */
final class FakeServer implements AutoCloseable {

    private record Answer(int status, String body, boolean cut) {}

    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile Runnable then = () -> {};

    FakeServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        http.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** Answers a method and target so from now on. */
    FakeServer answers(String methodAndTarget, int status, String body) {
        answers.put(methodAndTarget, new Answer(status, body, false));
        return this;
    }

    /** Promises more of the body than it gives. */
    FakeServer cuts(String methodAndTarget, String body) {
        answers.put(methodAndTarget, new Answer(200, body, true));
        return this;
    }

    /** Refuses with a problem of that kind. */
    FakeServer refuses(String methodAndTarget, int status, String slug, String detail) {
        return answers(
                methodAndTarget,
                status,
                "{\"type\":\"urn:holdfast:problem:" + slug + "\",\"title\":\"t\",\"detail\":\"" + detail + "\"}");
    }

    /** Runs something after each answer. */
    FakeServer then(Runnable step) {
        then = step;
        return this;
    }

    /** Method, target, what matters of the headers, and body of each request, in order. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String what = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            asked.add(what
                    + header(exchange, "If-Match")
                    + header(exchange, "Authorization")
                    + (body.isEmpty() ? "" : " " + body));
            Answer answer = answers.getOrDefault(
                    what, new Answer(404, "{\"type\":\"urn:holdfast:problem:path-unknown\"}", false));
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            if (bytes.length == 0) {
                exchange.sendResponseHeaders(answer.status(), -1);
            } else {
                exchange.sendResponseHeaders(answer.status(), bytes.length + (answer.cut() ? 100 : 0));
                exchange.getResponseBody().write(bytes);
            }
        } catch (IOException cut) {
            // The body is shorter than was promised, as it should be.
            asked.add("cut");
        }
        then.run();
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : " " + name + ": " + value;
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
