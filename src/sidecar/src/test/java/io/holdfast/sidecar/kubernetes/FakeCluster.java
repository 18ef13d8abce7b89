package io.holdfast.sidecar.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An API server with some objects: merge patches, preconditions on uid and resourceVersion, and any fault. */
final class FakeCluster implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, ObjectNode> objects = new ConcurrentHashMap<>();
    private final Queue<Integer> faults = new ConcurrentLinkedQueue<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch ends = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private volatile boolean answerLost;
    private volatile Runnable beforePatch = () -> {};
    private int version = 100;

    FakeCluster() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The next answers have these statuses; 0 is no answer at all. */
    void fail(int... statuses) {
        for (int status : statuses) {
            faults.add(status);
        }
    }

    /** Happens once, after the next read and before the next change. */
    void beforePatch(Runnable action) {
        beforePatch = action;
    }

    /** The next change is made, and answered as a proxy does that lost the answer. */
    void loseNextPatchAnswer() {
        answerLost = true;
    }

    void pod(String name, String uid) {
        put(
                "/api/v1/namespaces/shop/pods/" + name,
                "{\"metadata\":{\"name\":\"" + name + "\",\"uid\":\"" + uid + "\"}}");
    }

    void slice(String annotations) {
        put(
                "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices/web-leader",
                "{\"metadata\":{\"resourceVersion\":\"1\",\"labels\":{\"kubernetes.io/service-name\":\"web-leader\"}"
                        + annotations + "},\"addressType\":\"IPv4\",\"ports\":[{\"port\":8080}],\"endpoints\":[]}");
    }

    private void put(String path, String json) {
        try {
            objects.put(path, (ObjectNode) JSON.readTree(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String label(String pod) {
        ObjectNode object = objects.get("/api/v1/namespaces/shop/pods/" + pod);
        return object.at("/metadata/labels").path("holdfast.dev/leader").asText("");
    }

    JsonNode slice() {
        return objects.get("/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices/web-leader");
    }

    /** What was asked: method, path and who. */
    List<String> requests() {
        return requests;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        requests.add(exchange.getRequestMethod() + " " + path + " "
                + exchange.getRequestHeaders().getFirst("Authorization"));
        Integer fault = faults.poll();
        if (fault != null && fault == 0) {
            awaitEnd();
        } else if (fault != null) {
            exchange.getResponseHeaders().set("Retry-After", "1");
            answer(exchange, fault, "{\"kind\":\"Status\",\"message\":\"made up\"}");
        } else if (exchange.getRequestMethod().equals("GET")) {
            ObjectNode object = objects.get(path);
            answer(exchange, object == null ? 404 : 200, object == null ? "{}" : object.toString());
        } else {
            Runnable before = beforePatch;
            beforePatch = () -> {};
            before.run();
            patch(exchange, path, JSON.readTree(body));
        }
        exchange.close();
    }

    private void awaitEnd() {
        try {
            ends.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void patch(HttpExchange exchange, String path, JsonNode patch) throws IOException {
        ObjectNode object = objects.get(path);
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (!exchange.getRequestMethod().equals("PATCH") || !"application/merge-patch+json".equals(type)) {
            answer(exchange, 415, "{}");
        } else if (object == null) {
            answer(exchange, 404, "{}");
        } else if (differs(object, patch, "uid") || differs(object, patch, "resourceVersion")) {
            answer(exchange, 409, "{\"message\":\"the object was changed\"}");
        } else {
            merge(object, patch);
            object.withObject("/metadata").put("resourceVersion", Integer.toString(++version));
            answer(exchange, answerLost ? 504 : 200, object.toString());
            answerLost = false;
        }
    }

    private static boolean differs(JsonNode object, JsonNode patch, String field) {
        JsonNode wanted = patch.path("metadata").path(field);
        return !wanted.isMissingNode()
                && !wanted.asText().equals(object.path("metadata").path(field).asText());
    }

    private static void merge(ObjectNode object, JsonNode patch) {
        patch.properties().forEach(field -> {
            if (field.getValue().isObject() && object.path(field.getKey()).isObject()) {
                merge((ObjectNode) object.get(field.getKey()), field.getValue());
            } else {
                object.set(field.getKey(), field.getValue());
            }
        });
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        ends.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
