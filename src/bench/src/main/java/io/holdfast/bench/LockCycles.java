package io.holdfast.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;

/** Takes and releases free locks: every client has a lock of its own; one operation is both. */
final class LockCycles extends Scenario {

    LockCycles(LockSystem system, String prefix) {
        super(system, prefix);
    }

    @Override
    Future<Void> loop(LoadRun run, LockClient client, int number) {
        var ended = Promise.<Void>promise();
        cycle(run, client, lock("free-" + number), ended);
        return ended.future();
    }

    private static void cycle(LoadRun run, LockClient client, String lock, Promise<Void> ended) {
        if (run.isStopping()) {
            ended.complete();
            return;
        }
        var start = System.nanoTime();
        client.acquire(lock).compose(taken -> client.release()).onComplete(done -> {
            if (done.failed()) {
                run.failed(done.cause());
                ended.complete();
                return;
            }
            run.record(System.nanoTime() - start);
            cycle(run, client, lock, ended);
        });
    }
}
