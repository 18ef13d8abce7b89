package io.holdfast.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that take and release free locks while something is done to the service: how long do they notice it. */
final class Pauses implements AutoCloseable {

    private static final long SECONDS_MAX = 60;

    /** What waits behind a pause is over so much later. */
    private static final long AFTER_MILLIS = 300;

    private final List<LockClient> clients = new ArrayList<>();
    private final List<Future<Void>> loops = new ArrayList<>();
    private final AtomicLong longest = new AtomicLong();
    private volatile boolean stopping;

    /** Starts so many clients, spread over these nodes. */
    Pauses(LockSystem system, List<Integer> nodes, int count)
            throws InterruptedException, ExecutionException, TimeoutException {
        for (var i = 0; i < count; i++) {
            var client = system.client(nodes.get(i % nodes.size()));
            clients.add(client);
            await(client.open());
            var ended = Promise.<Void>promise();
            loops.add(ended.future());
            cycle(client, "bench/pause-" + i, ended);
        }
    }

    /** Does something to the service; returns the nanoseconds of the longest cycle that ended meanwhile. */
    long during(Callable<?> disturbance) throws Exception {
        longest.set(0);
        disturbance.call();
        Thread.sleep(AFTER_MILLIS);
        return longest.get();
    }

    private void cycle(LockClient client, String lock, Promise<Void> ended) {
        if (stopping) {
            ended.complete();
            return;
        }
        var start = System.nanoTime();
        client.acquire(lock).compose(taken -> client.release()).onComplete(done -> {
            longest.accumulateAndGet(System.nanoTime() - start, Math::max);
            if (done.failed()) {
                ended.fail(done.cause());
            } else {
                cycle(client, lock, ended);
            }
        });
    }

    /** Lets every client finish; throws what one of them failed with. */
    void stop() throws InterruptedException, ExecutionException, TimeoutException {
        stopping = true;
        for (var loop : loops) {
            await(loop);
        }
    }

    @Override
    public void close() {
        stopping = true;
        clients.forEach(LockClient::close);
    }

    private static void await(Future<Void> step) throws InterruptedException, ExecutionException, TimeoutException {
        step.toCompletionStage().toCompletableFuture().get(SECONDS_MAX, TimeUnit.SECONDS);
    }
}
