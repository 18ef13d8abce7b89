package io.holdfast.operator.paper;

import io.holdfast.operator.paper.kubelet.PaperKubelet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A client of a Service that takes and releases a lock of its own all the time, each cycle at the next pod that is
 * ready, and knows the longest time that it waited for an answer.
 */
final class LockCycles implements AutoCloseable {

    private static final Duration REQUEST_BOUND = Duration.ofSeconds(5);
    private static final Duration ANSWER_BOUND = Duration.ofMinutes(2);
    private static final Duration KEEPALIVE = Duration.ofSeconds(10);
    private static final long THINK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();
    private final PaperKubelet kubelet;
    private final String namespace;
    private final String service;
    private final Thread thread = new Thread(this::run, "lock-cycles");
    private volatile boolean stopping;
    private volatile @Nullable Throwable failure;
    private volatile long cycles;
    private int next;
    private long longestNanos;
    private long retries;

    /**
     * What the client met since it was asked last.
     *
     * @param longest that one request took, all its tries together
     * @param retries requests that were sent again
     */
    record Met(Duration longest, long retries) {
        @Override
        public String toString() {
            return "longest pause " + longest.toMillis() + " ms, " + retries + " retries";
        }
    }

    private record Reply(int status, String body) {}

    LockCycles(PaperKubelet kubelet, String namespace, String service) {
        this.kubelet = kubelet;
        this.namespace = namespace;
        this.service = service;
        thread.start();
    }

    /** Cycles so far; rises for as long as all is well. */
    long cycles() {
        var failed = failure;
        if (failed != null) {
            throw new AssertionError("the client stopped: " + failed.getMessage(), failed);
        }
        return cycles;
    }

    synchronized Met take() {
        var met = new Met(Duration.ofNanos(longestNanos), retries);
        longestNanos = 0;
        retries = 0;
        return met;
    }

    private void run() {
        try {
            var session = session();
            var keptAlive = System.nanoTime();
            while (!stopping) {
                if (System.nanoTime() - keptAlive > KEEPALIVE.toNanos()) {
                    keptAlive = System.nanoTime();
                    expect(200, insist("POST", "/v1/sessions/" + session + "/keepalive", ""));
                }
                var grant = "cycle-" + session + "-" + cycles;
                var body = "{\"session\":\"%s\",\"lock\":\"cycle\",\"wait\":\"10s\"}".formatted(session);
                var taken = insist("PUT", "/v1/grants/" + grant, body);
                if (taken.status() / 100 != 2 || !taken.body().contains("granted")) {
                    throw new AssertionError("expected a grant but got " + taken);
                }
                expect(204, insist("DELETE", "/v1/grants/" + grant, ""));
                cycles++;
                LockSupport.parkNanos(THINK_NANOS);
            }
        } catch (RuntimeException | AssertionError e) {
            failure = e;
        }
    }

    private String session() {
        var found = ID.matcher(insist("POST", "/v1/sessions", "{\"ttl\":\"60s\",\"name\":\"cycles\"}")
                .body());
        if (!found.find()) {
            throw new AssertionError("no session was opened");
        }
        return found.group(1);
    }

    private static void expect(int status, Reply reply) {
        if (reply.status() != status) {
            throw new AssertionError("expected " + status + " but got " + reply);
        }
    }

    private Reply insist(String method, String path, String body) {
        var begun = System.nanoTime();
        var last = "nothing";
        for (var tries = 0; System.nanoTime() - begun < ANSWER_BOUND.toNanos(); tries++) {
            var pods = kubelet.endpoints(namespace, service);
            if (!pods.isEmpty()) {
                next++;
                try {
                    var reply = ask(pods.get(next % pods.size()), method, path, body);
                    if (reply.status() != 503 && reply.status() != 504) {
                        met(System.nanoTime() - begun, tries);
                        return reply;
                    }
                    last = reply.toString();
                } catch (IOException e) {
                    last = e.toString();
                }
            }
            LockSupport.parkNanos(THINK_NANOS);
        }
        throw new AssertionError(method + " " + path + " has no answer, but: " + last);
    }

    private synchronized void met(long nanos, long again) {
        longestNanos = Math.max(longestNanos, nanos);
        retries += again;
    }

    private Reply ask(URI pod, String method, String path, String body) throws IOException {
        var publisher =
                body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        var request = HttpRequest.newBuilder(pod.resolve(path))
                .timeout(REQUEST_BOUND)
                .header("Content-Type", "application/json")
                .method(method, publisher)
                .build();
        try {
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Reply(answer.statusCode(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the client was told to end", e);
        }
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join(ANSWER_BOUND.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
