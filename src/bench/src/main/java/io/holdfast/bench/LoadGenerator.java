package io.holdfast.bench;

import io.holdfast.ensemble.Blueprint;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Measures three-node lock services that it starts itself, and prints tables in Markdown. */
public final class LoadGenerator {

    private static final int WARM_UP_CLIENTS = 64;
    private static final Duration RAMP = Duration.ofSeconds(1);
    private static final int READERS = 1000;
    private static final List<Integer> RULE_SETS = List.of(1, 100);
    private static final int LISTED = 100_000;
    private static final int MANY = 1_000_000;

    /** What docs/operations.md recommends for a large state. */
    private static final List<String> LARGE_JVM =
            List.of("-Xms2g", "-Xmx2g", "-XX:+UseG1GC", "-XX:MaxDirectMemorySize=256m");

    private final Options options;
    private final Vertx vertx;
    private final Report report;
    private final NetClient net;
    private final List<LockSystem> systems = new ArrayList<>();

    private LoadGenerator(Options options, Vertx vertx) throws IOException {
        this.options = options;
        this.vertx = vertx;
        delete(options.work());
        this.report = new Report(System.out, System.err, new DiskProbe(options.work()));
        this.net = netClient(vertx);
        for (var name : options.systems()) {
            var directory = options.work().resolve(name);
            switch (name) {
                case "zookeeper" -> systems.add(new ZooKeeper(directory));
                case "etcd" -> systems.add(new Etcd(vertx, net, directory));
                default -> systems.add(new Holdfast(vertx, net, blueprint(options, directory)));
            }
        }
    }

    /** Runs what the options say; the exit code is 2 when they are wrong. */
    public static void main(String... arguments) throws Exception {
        if (List.of(arguments).contains("--help")) {
            System.out.print(Options.USAGE);
            return;
        }
        Options options;
        try {
            options = Options.parse(arguments);
            if (options.systems().contains("etcd") && !Etcd.isInstalled()) {
                throw new IllegalArgumentException("there is no etcd on the path; Debian has it as etcd-server");
            }
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(Options.USAGE);
            System.exit(2);
            return;
        }
        // One event loop serves all clients: what it does between two answers is small, and the servers need the rest.
        var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        var generator = new LoadGenerator(options, vertx);
        var killer = new Thread(generator::close);
        Runtime.getRuntime().addShutdownHook(killer);
        try {
            generator.run();
        } finally {
            generator.close();
            vertx.close();
        }
    }

    private static Blueprint blueprint(Options options, Path directory) {
        var nodes = Blueprint.of(options.server(), directory, LockSystem.NODES).with("holdfast.session.ttl-max", "1h");
        if (options.measures().contains("joining") || options.measures().contains("snapshots")) {
            nodes = nodes.on(LARGE_JVM).with("holdfast.limits.state-bytes", "800M");
        }
        for (var setting : options.settings()) {
            nodes = nodes.with(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        return nodes;
    }

    private void run() throws Exception {
        if (options.measures().contains("security")) {
            new SecurityCost(vertx, options).run();
            return;
        }
        // Only the measured system runs: an idle one takes processor time too.
        for (var system : systems) {
            system.start();
            if (system instanceof Holdfast holdfast) {
                runAlone(holdfast);
            }
            if (options.measures().contains("locks")) {
                run("Lock cycle", new LockCycles(system, "bench/free"), system);
                run("Hand-off", new HandOffs(system, "bench/contended"), system);
                var syncs = report.diskSyncs();
                report.failOver(system.name(), new FailOver(system, "bench").run(options.trials()), syncs);
            }
            system.close();
        }
        report.print(options);
    }

    /** What the peers have nothing like. */
    private void runAlone(Holdfast holdfast) throws Exception {
        if (options.measures().contains("streams")) {
            report.fanOut(READERS, 0, new FanOut(holdfast, net).run(READERS), report.diskSyncs());
            for (var sets : RULE_SETS) {
                report.fanOut(READERS, sets, new FanOut(holdfast, net).run(READERS, sets), report.diskSyncs());
            }
        }
        if (options.measures().contains("listings")) {
            report.listing(LISTED, new Listings(holdfast).run(LISTED));
        }
        if (options.measures().contains("changes")) {
            new Changes(holdfast).run(report::change);
        }
        if (options.measures().contains("client")) {
            new ClientCost(holdfast, options, report).run();
        }
        if (options.measures().contains("observers")) {
            new Observers(holdfast, net, options, report).run();
        }
        if (options.measures().contains("joining")) {
            new ManyLocks(holdfast.port(1), "bench/many/").take(MANY);
            var start = System.nanoTime();
            holdfast.addObserver(LockSystem.NODES + 1);
            report.joined(MANY, System.nanoTime() - start);
        }
        if (options.measures().contains("snapshots")) {
            new BesideSnapshots(holdfast, options, report).run(MANY);
        }
    }

    private void run(String table, Scenario scenario, LockSystem system)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        scenario.run(WARM_UP_CLIENTS, options.warmUp(), Duration.ZERO);
        for (var clients : options.clients()) {
            var syncs = report.diskSyncs();
            var figures = scenario.run(Math.max(scenario.clientsMin(), clients), RAMP, options.time());
            report.operation(table, system.name(), Math.max(scenario.clientsMin(), clients), figures, syncs);
        }
    }

    private void close() {
        systems.forEach(LockSystem::close);
    }

    private static NetClient netClient(Vertx vertx) {
        return vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
