package io.holdfast.bench;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A closed loop of clients: each begins its next operation when the last one is answered. */
abstract class Scenario {

    private static final long OPEN_SECONDS = 60;
    private static final long DRAIN_SECONDS = 60;

    private final LockSystem system;
    private final String prefix;

    /** {@code prefix} keeps the locks of one run apart from those of another. */
    Scenario(LockSystem system, String prefix) {
        this.system = system;
        this.prefix = prefix;
    }

    /** Runs with so many clients, spread over the nodes, and returns what was measured. */
    final LoadRun.Figures run(int count, Duration warmUp, Duration time)
            throws InterruptedException, ExecutionException, TimeoutException {
        var clients = new ArrayList<LockClient>();
        for (var i = 0; i < count; i++) {
            clients.add(system.client(1 + i % LockSystem.NODES));
        }
        try {
            await(clients.stream().map(LockClient::open).toList(), OPEN_SECONDS);
            var run = new LoadRun(system);
            var loops = new ArrayList<Future<Void>>();
            for (var i = 0; i < count; i++) {
                loops.add(loop(run, clients.get(i), i));
            }
            var figures = run.measure(warmUp, time);
            await(loops, DRAIN_SECONDS);
            return figures;
        } finally {
            clients.forEach(LockClient::close);
        }
    }

    /** Below so many clients it makes no sense. */
    int clientsMin() {
        return 1;
    }

    /** Runs one client until the run stops; the future completes then, and never fails. */
    abstract Future<Void> loop(LoadRun run, LockClient client, int number);

    final String lock(String name) {
        return prefix + "/" + name;
    }

    private static void await(List<Future<Void>> all, long seconds)
            throws InterruptedException, ExecutionException, TimeoutException {
        for (var each : all) {
            each.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
        }
    }
}
