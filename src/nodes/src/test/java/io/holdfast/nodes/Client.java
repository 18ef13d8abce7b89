package io.holdfast.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.holdfast.ensemble.Ensemble;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks the nodes of an ensemble over HTTP as an application would: when a node does not answer, or says that nothing
 * was done or that the outcome is unknown, the same request goes to the next node until there is an answer.
 *
 * <p>Used by one thread.
 */
final class Client {

    /** Of the sessions that {@link #openSession()} opens: longer than any test takes. */
    static final Duration TTL = Duration.ofMinutes(30);

    private static final Duration REQUEST_BOUND = Duration.ofSeconds(12);
    private static final Duration CONNECT_BOUND = Duration.ofSeconds(2);
    private static final Duration ANSWER_BOUND = Duration.ofMinutes(3);
    private static final long PAUSE_NANOS = 20_000_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final Ensemble ensemble;
    private final Duration requestBound;
    private final Runnable pauses;
    private int node;
    private long retries;

    /**
     * An answer.
     *
     * @param revision that it names, as one number; 0 when it names none
     * @param sent when the request left, of the try that was answered
     * @param received when the answer was there
     */
    record Reply(int status, JsonNode body, long revision, long sent, long received) {

        String text(String field) {
            return body.path(field).asText();
        }
    }

    Client(Ensemble ensemble, int node) {
        this(ensemble, node, http(), REQUEST_BOUND, () -> {});
    }

    /** One on connections that are made so. */
    Client(Ensemble ensemble, int node, HttpClient http) {
        this(ensemble, node, http, REQUEST_BOUND, () -> {});
    }

    /**
     * One that may stand still.
     *
     * @param requestBound how long it waits for the answer to one try
     * @param pauses returns when the client is not paused: called after a request was timed and before it leaves, and
     *     before the time of an answer is taken
     */
    Client(Ensemble ensemble, int node, HttpClient http, Duration requestBound, Runnable pauses) {
        this.ensemble = ensemble;
        this.node = node;
        this.http = http;
        this.requestBound = requestBound;
        this.pauses = pauses;
    }

    /** Connections that several clients may share. */
    static HttpClient http() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_BOUND)
                .build();
    }

    /** Asks this node first from now on. */
    void turnTo(int next) {
        node = next;
    }

    /** Opens a session with the longest ttl there is, and returns its id. */
    String openSession() {
        return expect(
                        201,
                        insist(
                                "POST",
                                "/v1/sessions",
                                "{\"ttl\":\"%ds\",\"name\":\"test\"}".formatted(TTL.toSeconds())))
                .text("id");
    }

    /** Takes a free lock, or stands in line without holding the request. */
    Reply take(String grant, String session, String lock, String wait) {
        var body = "{\"session\":\"%s\",\"lock\":\"%s\",\"wait\":\"%s\"}".formatted(session, lock, wait);
        return insist("PUT", "/v1/grants/" + grant, body);
    }

    Reply release(String grant) {
        return insist("DELETE", "/v1/grants/" + grant, "");
    }

    Reply lock(String name) {
        return insist("GET", "/v1/locks/" + name, "");
    }

    /**
     * Asks until there is an answer, each try at the next node.
     *
     * @param headers name, value, name, value
     */
    Reply insist(String method, String path, String body, String... headers) {
        var deadline = System.nanoTime() + ANSWER_BOUND.toNanos();
        var last = "nothing";
        while (System.nanoTime() < deadline) {
            try {
                var reply = askWith(node, method, path, body, headers);
                if (reply.status() != 503 && reply.status() != 504) {
                    return reply;
                }
                last = reply.toString();
            } catch (IOException e) {
                last = e.toString();
            }
            retries++;
            turnToNextNode();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw new AssertionError(method + " " + path + " has no answer after " + ANSWER_BOUND + ", but: " + last);
    }

    /** Asks the node that answered last, once. */
    Reply ask(String method, String path, String body) throws IOException {
        return ask(node, method, path, body);
    }

    void turnToNextNode() {
        node = ensemble.after(node);
    }

    /** Asks one node once. */
    Reply ask(int at, String method, String path, String body) throws IOException {
        return ask(at, method, path, body, "*/*");
    }

    /** Asks one node once for a media type. */
    Reply ask(int at, String method, String path, String body, String accept) throws IOException {
        return askWith(at, method, path, body, "Accept", accept);
    }

    /** Asks one node once, with headers as {@link #insist} has them. */
    Reply askWith(int at, String method, String path, String body, String... headers) throws IOException {
        var request = HttpRequest.newBuilder(ensemble.uri(at).resolve(path))
                .timeout(requestBound)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            var sent = System.nanoTime();
            pauses.run();
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            pauses.run();
            var received = System.nanoTime();
            var json = answer.body().isBlank() ? MissingNode.getInstance() : JSON.readTree(answer.body());
            return new Reply(answer.statusCode(), json, revision(answer), sent, received);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the client was told to end", e);
        }
    }

    private static long revision(HttpResponse<?> answer) {
        var parts =
                answer.headers().firstValue("Holdfast-Revision").orElse("0-0").split("-", 2);
        return Long.parseLong(parts[0]) << 32 | Long.parseLong(parts[1]);
    }

    /** How many times a request had to be sent again. */
    long retries() {
        return retries;
    }

    /** Requires that a ticket holds its lock; a first answer may have been lost, so 200 counts as 201. */
    static Reply granted(Reply reply) {
        boolean known = reply.status() == 200 || reply.status() == 201;
        if (!known || !reply.text("state").equals("granted")) {
            throw new AssertionError("expected a grant but got " + reply);
        }
        return reply;
    }

    static Reply expect(int status, Reply reply) {
        if (reply.status() != status) {
            throw new AssertionError("expected " + status + " but got " + reply);
        }
        return reply;
    }
}
