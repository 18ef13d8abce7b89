package io.holdfast.bench;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.Lease;
import io.holdfast.client.LockRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the Java client costs: threads that take and release free locks with it, and threads that send the same two
 * requests with the JDK's HTTP client. Both talk to one node, one after the other, so that their ratio counts.
 */
final class ClientCost {

    private static final Duration RAMP = Duration.ofSeconds(1);
    private static final Duration TTL = Duration.ofMinutes(10);
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final int WARM_UP_THREADS = 16;
    private static final int IO_THREADS = 2;
    private static final long DRAIN_SECONDS = 60;
    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");

    private final Holdfast system;
    private final Options options;
    private final Report report;
    private final URI node;

    /** Takes a lock and releases it, on the calling thread. */
    private interface Cycle {
        void run() throws IOException, InterruptedException;
    }

    /** Makes the cycles of one thread. */
    private interface Actor {
        Cycle begin(String lock) throws IOException, InterruptedException;
    }

    ClientCost(Holdfast system, Options options, Report report) {
        this.system = system;
        this.options = options;
        this.report = report;
        this.node = URI.create("http://127.0.0.1:" + system.port(1));
    }

    /** Measures both with each number of threads. */
    void run() throws Exception {
        var io = Executors.newFixedThreadPool(IO_THREADS);
        try (var client = HoldfastClient.builder()
                .endpoints(node.toString())
                .ttl(TTL)
                .name("bench")
                .build()) {
            var http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .executor(io)
                    .build();
            Actor raw = lock -> raw(http, lock);
            Actor with = lock -> () -> cycle(client, lock);
            measure(raw, WARM_UP_THREADS, options.warmUp(), Duration.ZERO);
            measure(with, WARM_UP_THREADS, options.warmUp(), Duration.ZERO);
            for (var threads : options.clients()) {
                report("JDK's HTTP client", raw, threads);
                report("Java client", with, threads);
            }
        } finally {
            io.shutdown();
        }
    }

    private void report(String name, Actor actor, int threads) throws Exception {
        var syncs = report.diskSyncs();
        var figures = measure(actor, threads, RAMP, options.time());
        report.operation("Lock cycle of threads", name, threads, figures, syncs);
    }

    private LoadRun.Figures measure(Actor actor, int count, Duration warmUp, Duration time) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            var run = new LoadRun(system);
            List<Future<?>> all = new ArrayList<>();
            for (var i = 0; i < count; i++) {
                var lock = "bench/thread-" + i;
                all.add(threads.submit(() -> loop(run, actor, lock)));
            }
            var figures = run.measure(warmUp, time);
            for (var one : all) {
                one.get(DRAIN_SECONDS, TimeUnit.SECONDS);
            }
            return figures;
        } finally {
            threads.shutdownNow();
        }
    }

    private static void loop(LoadRun run, Actor actor, String lock) {
        try {
            var cycle = actor.begin(lock);
            while (!run.isStopping()) {
                var start = System.nanoTime();
                cycle.run();
                run.record(System.nanoTime() - start);
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            run.failed(e);
        }
    }

    private static void cycle(HoldfastClient client, String lock) throws InterruptedException {
        try (Lease lease = client.tryAcquire(LockRequest.exclusive(lock), WAIT).orElseThrow()) {
            lease.check();
        }
    }

    private Cycle raw(HttpClient http, String lock) throws IOException, InterruptedException {
        var opening = "{\"ttl\":\"" + TTL.toSeconds() + "s\",\"name\":\"bench\"}";
        Matcher id = ID.matcher(send(http, "POST", "/v1/sessions", opening));
        if (!id.find()) {
            throw new IOException("a session without an id");
        }
        var body = "{\"session\":\"" + id.group(1) + "\",\"lock\":\"" + lock + "\",\"mode\":\"exclusive\",\"wait\":\""
                + WAIT.toSeconds() + "s\"}";
        return () -> {
            var grant = "/v1/grants/" + UUID.randomUUID();
            send(http, "PUT", grant + "?poll=25s", body);
            send(http, "DELETE", grant, "");
        };
    }

    private String send(HttpClient http, String method, String target, String body)
            throws IOException, InterruptedException {
        var content = body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        var request = HttpRequest.newBuilder(node.resolve(target))
                .header("Content-Type", "application/json")
                .timeout(WAIT)
                .method(method, content)
                .build();
        var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300 || answer.statusCode() == 202) {
            throw new IOException(method + " " + target + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }
}
