package io.holdfast.overlap.matrix;

import io.holdfast.ensemble.Ensemble;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Tells whether the nodes could have kept a lease alive: it has a session of its own and asks all nodes at once to keep
 * it alive, again and again. When no node confirmed that for long, the nodes or the machine were too slow for any
 * client. Any thread.
 */
final class Probe implements AutoCloseable {

    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");
    private static final long PERIOD_MILLIS = 100;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        var thread = new Thread(work, "probe");
        thread.setDaemon(true);
        return thread;
    });
    private final Ensemble nodes;
    private final String session;
    private long confirmed = System.nanoTime();
    private long longest;

    /** Begins. */
    Probe(Ensemble nodes) throws Exception {
        this.nodes = nodes;
        var answer = http.send(
                request(1, "/v1/sessions")
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .POST(HttpRequest.BodyPublishers.ofString("{\"ttl\":\"10m\",\"name\":\"probe\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        var id = ID.matcher(answer.body());
        if (!id.find()) {
            throw new IllegalStateException("no session: " + answer.statusCode() + " " + answer.body());
        }
        this.session = id.group(1);
        timer.scheduleWithFixedDelay(this::ask, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private HttpRequest.Builder request(int node, String path) {
        return HttpRequest.newBuilder(nodes.uri(node).resolve(path))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(2));
    }

    private void ask() {
        IntStream.rangeClosed(1, nodes.size()).forEach(node -> {
            var request = request(node, "/v1/sessions/" + session + "/keepalive")
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            CompletableFuture<HttpResponse<Void>> sent =
                    http.sendAsync(request, HttpResponse.BodyHandlers.discarding());
            sent.thenAccept(answer -> {
                if (answer.statusCode() == 200) {
                    confirm();
                }
            });
        });
    }

    private synchronized void confirm() {
        var now = System.nanoTime();
        longest = Math.max(longest, now - confirmed);
        confirmed = now;
    }

    /** The longest time without a confirmation since this was last asked. */
    synchronized Duration takeLongest() {
        confirm();
        var taken = Duration.ofNanos(longest);
        longest = 0;
        return taken;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
