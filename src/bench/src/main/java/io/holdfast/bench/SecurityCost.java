package io.holdfast.bench;

import io.holdfast.ensemble.Authority;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.HdrHistogram.Histogram;

/**
 * What TLS and rules cost: ensembles that differ in nothing else take turns, so that what else the machine does falls
 * on all of them alike, and each figure has beside it its ratio to the ensemble without.
 */
final class SecurityCost {

    private static final int ROUNDS = 5;
    private static final Duration RAMP = Duration.ofSeconds(1);
    private static final int IDLE = 1_000;
    private static final int RULED = 64;

    private final Options options;
    private final Secured secured;
    private final Map<String, Holdfast> ensembles = new LinkedHashMap<>();

    SecurityCost(Vertx vertx, Options options) {
        this.options = options;
        this.secured = new Secured(vertx, new Authority("bench"), options.server(), options.work());
    }

    void run() throws Exception {
        try {
            ensembles.put("plain", secured.make("plain", false, false));
            ensembles.put("client TLS", secured.make("clients", true, false));
            ensembles.put("peer TLS", secured.make("peers", false, true));
            ensembles.put("both", secured.make("both", true, true));
            for (var ensemble : ensembles.values()) {
                ensemble.start();
            }
            cycles();
            failOvers();
            idleConnections();
            rules();
        } finally {
            ensembles.values().forEach(Holdfast::close);
        }
        Handshakes.print(System.out);
    }

    private Holdfast ensemble(String name) {
        return Objects.requireNonNull(ensembles.get(name));
    }

    private void cycles() throws Exception {
        for (var clients : options.clients()) {
            Map<String, List<LoadRun.Figures>> runs = new LinkedHashMap<>();
            for (var each : ensembles.entrySet()) {
                new LockCycles(each.getValue(), "bench/warm").run(clients, options.warmUp(), Duration.ZERO);
            }
            for (var round = 0; round < ROUNDS; round++) {
                for (var each : ensembles.entrySet()) {
                    var figures = new LockCycles(each.getValue(), "bench/free").run(clients, RAMP, options.time());
                    runs.computeIfAbsent(each.getKey(), name -> new ArrayList<>())
                            .add(figures);
                }
            }
            System.out.printf("%nLock cycles, %d clients, medians of %d runs in turns%n%n", clients, ROUNDS);
            System.out.println("| ensemble | servers' CPU µs | ratio | p50 ms | p99 ms | a second |");
            System.out.println("|---|---|---|---|---|---|");
            var plain = median(Objects.requireNonNull(runs.get("plain")));
            runs.forEach((name, all) -> {
                var figures = median(all);
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %.0f | %.2f | %.2f | %.2f | %.0f |%n",
                        name,
                        figures.serverMicrosPerOperation(),
                        figures.serverMicrosPerOperation() / plain.serverMicrosPerOperation(),
                        figures.millisAt(50),
                        figures.millisAt(99),
                        figures.perSecond());
            });
        }
    }

    /** One ensemble without TLS, whose clients show a key under rules that are enforced, or show nothing. */
    private void rules() throws Exception {
        var plain = ensemble("plain");
        var changes = new RuleChanges(plain);
        List<LoadRun.Figures> open = new ArrayList<>();
        List<LoadRun.Figures> enforced = new ArrayList<>();
        var key = "";
        for (var round = 0; round < ROUNDS; round++) {
            plain.show("");
            open.add(new LockCycles(plain, "bench/free").run(RULED, RAMP, options.time()));
            key = changes.enforce();
            plain.show("Authorization: Bearer " + key + "\r\n");
            enforced.add(new LockCycles(plain, "bench/free").run(RULED, RAMP, options.time()));
            if (round + 1 < ROUNDS) {
                changes.open();
            }
        }
        var before = median(open).serverMicrosPerOperation();
        var after = median(enforced).serverMicrosPerOperation();
        System.out.printf(
                Locale.ROOT,
                "%nA key and enforced rules, %d clients, medians of %d runs in turns: %.0f µs a cycle of the servers,"
                        + " without %.0f, ratio %.3f%n",
                RULED,
                ROUNDS,
                after,
                before,
                after / before);
        changes.run(key);
    }

    private static LoadRun.Figures median(List<LoadRun.Figures> runs) {
        var sorted = runs.stream()
                .sorted(Comparator.comparing(LoadRun.Figures::serverMicrosPerOperation))
                .toList();
        return sorted.get(sorted.size() / 2);
    }

    private void failOvers() throws Exception {
        Map<String, Histogram> times = new LinkedHashMap<>();
        for (var trial = 0; trial < options.trials(); trial++) {
            for (var name : List.of("plain", "peer TLS")) {
                times.computeIfAbsent(name, any -> new Histogram(3))
                        .add(new FailOver(ensemble(name), "bench/" + trial).run(1));
            }
        }
        System.out.println("\nLeader killed, until the first lock at a survivor, in turns\n");
        System.out.println("| ensemble | trials | median ms | p90 ms | max ms |\n|---|---|---|---|---|");
        times.forEach((name, all) -> System.out.printf(
                Locale.ROOT,
                "| %s | %d | %.0f | %.0f | %.0f |%n",
                name,
                all.getTotalCount(),
                all.getValueAtPercentile(50) / 1e6,
                all.getValueAtPercentile(90) / 1e6,
                all.getMaxValue() / 1e6));
    }

    private void idleConnections() throws Exception {
        System.out.println("\nIdle connections of one node, each after one request\n");
        System.out.println("| ensemble | connections | KiB each |\n|---|---|---|");
        for (var name : List.of("plain", "client TLS")) {
            var ensemble = ensemble(name);
            var open = new ArrayList<LockClient>();
            var before = ensemble.residentKiB(1);
            for (var i = 0; i < IDLE; i++) {
                var client = ensemble.client(1);
                open.add(client);
                client.open().toCompletionStage().toCompletableFuture().get();
            }
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d | %.1f |%n",
                    name,
                    IDLE,
                    (ensemble.residentKiB(1) - before) / (double) IDLE);
            open.forEach(LockClient::close);
        }
    }
}
