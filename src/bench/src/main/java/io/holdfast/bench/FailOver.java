package io.holdfast.bench;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * Kills the leader, and takes how long it is until some client of another node holds a lock that was free.
 *
 * <p>A client begins to try every tenth of a second: one whose request the dying leader had already taken may wait for
 * a time-out of its own while others are long served.
 */
final class FailOver {

    private static final int CLIENTS = 30;
    private static final long BETWEEN_CLIENTS_MILLIS = 100;
    private static final long BOUND_SECONDS = 60;

    private final LockSystem system;
    private final String prefix;

    FailOver(LockSystem system, String prefix) {
        this.system = system;
        this.prefix = prefix;
    }

    /** Kills so many leaders one after the other; returns the times in nanoseconds. */
    Histogram run(int trials) throws IOException, InterruptedException, ExecutionException, TimeoutException {
        var times = new Histogram(3);
        for (var trial = 0; trial < trials; trial++) {
            times.recordValue(killLeader(prefix + "/fail-over-" + trial));
        }
        return times;
    }

    private long killLeader(String lock)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        var leader = system.leader();
        var clients = new ArrayList<LockClient>();
        for (var i = 0; i < CLIENTS; i++) {
            clients.add(system.client(1 + (leader + i % (LockSystem.NODES - 1)) % LockSystem.NODES));
        }
        try {
            for (var client : clients) {
                await(client.open());
            }
            await(clients.get(0).acquire(lock + "/before"));
            await(clients.get(0).release());
            var start = System.nanoTime();
            system.kill(leader);
            var nanos = firstSuccess(clients, lock) - start;
            system.restart(leader);
            return nanos;
        } finally {
            clients.forEach(LockClient::close);
        }
    }

    /** When the first of the clients held its lock. */
    private static long firstSuccess(List<LockClient> clients, String lock)
            throws InterruptedException, TimeoutException {
        var served = new CountDownLatch(1);
        var when = new AtomicLong();
        for (var i = 0; i < clients.size() && served.getCount() > 0; i++) {
            clients.get(i).acquire(lock + "/" + i).onSuccess(taken -> {
                if (when.compareAndSet(0, System.nanoTime())) {
                    served.countDown();
                }
            });
            var unused = served.await(BETWEEN_CLIENTS_MILLIS, TimeUnit.MILLISECONDS);
        }
        if (!served.await(BOUND_SECONDS, TimeUnit.SECONDS)) {
            throw new TimeoutException("no client was served within " + BOUND_SECONDS + " s after the leader's end");
        }
        return when.get();
    }

    private static void await(Future<Void> step) throws InterruptedException, ExecutionException, TimeoutException {
        step.toCompletionStage().toCompletableFuture().get(BOUND_SECONDS, TimeUnit.SECONDS);
    }
}
