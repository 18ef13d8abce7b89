package io.holdfast.zab.node;

import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.Zxid;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;

/**
 * Those who wait for a snapshot of now: one is made at a time, and serves all who asked before it began. On the node's
 * context.
 */
final class SnapshotDemand {

    private static final int WAITS_MAX = 32;

    private record Wait(Zxid least, Promise<Position> promise) {}

    private final Runnable begin;
    private final List<Wait> waits = new ArrayList<>();

    /**
     * Makes one for whom nobody waits.
     *
     * @param begin asks the core for a snapshot; of no effect while one is made
     */
    SnapshotDemand(Runnable begin) {
        this.begin = begin;
    }

    /** Completes with a durable snapshot that has everything up to {@code least}. */
    Future<Position> ask(Zxid least, Position newest) {
        if (!least.isAfter(newest.zxid())) {
            return Future.succeededFuture(newest);
        }
        if (waits.size() >= WAITS_MAX) {
            return Future.failedFuture(new RequestFailedException(RequestFailure.OVERLOADED));
        }
        Wait wait = new Wait(least, Promise.promise());
        waits.add(wait);
        begin.run();
        return wait.promise().future();
    }

    /** A snapshot has ended, and this one is the newest. */
    void ended(Position newest) {
        for (Wait wait : List.copyOf(waits)) {
            if (!wait.least().isAfter(newest.zxid())) {
                waits.remove(wait);
                wait.promise().complete(newest);
            }
        }
        if (!waits.isEmpty()) {
            begin.run();
        }
    }

    /** None can be made now. */
    void failed(Throwable cause) {
        List<Wait> all = List.copyOf(waits);
        waits.clear();
        all.forEach(wait -> wait.promise().fail(cause));
    }
}
