package io.holdfast.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;

/** All clients want one lock: an operation is a hand-off, from the release sent to the next holder's answer. */
final class HandOffs extends Scenario {

    /** Written by a holder before it releases and read by the next one; the lock itself keeps them apart. */
    private volatile long releaseSentNanos;

    private volatile boolean handedOver;

    HandOffs(LockSystem system, String prefix) {
        super(system, prefix);
    }

    @Override
    int clientsMin() {
        return 2;
    }

    @Override
    Future<Void> loop(LoadRun run, LockClient client, int number) {
        var ended = Promise.<Void>promise();
        turn(run, client, ended);
        return ended.future();
    }

    private void turn(LoadRun run, LockClient client, Promise<Void> ended) {
        if (run.isStopping()) {
            ended.complete();
            return;
        }
        client.acquire(lock("contended"))
                .compose(taken -> {
                    var now = System.nanoTime();
                    if (handedOver) {
                        run.record(now - releaseSentNanos);
                    }
                    releaseSentNanos = System.nanoTime();
                    handedOver = true;
                    return client.release();
                })
                .onComplete(done -> {
                    if (done.failed()) {
                        run.failed(done.cause());
                        ended.complete();
                        return;
                    }
                    turn(run, client, ended);
                });
    }
}
