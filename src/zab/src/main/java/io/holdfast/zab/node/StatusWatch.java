package io.holdfast.zab.node;

import io.holdfast.zab.core.Zab;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Tells those who wait for a node to become something when it has, or that it has not in time. On its context. */
final class StatusWatch {

    private static final int MAX = 1_000;

    private final Vertx vertx;
    private final List<Wait> waits = new ArrayList<>();

    private record Wait(Predicate<Zab.Status> condition, Promise<Boolean> promise) {}

    StatusWatch(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Completes with true when the condition holds, with false when it does not in time or too many wait already. */
    Future<Boolean> await(Zab.Status now, Predicate<Zab.Status> condition, Duration limit) {
        if (condition.test(now)) {
            return Future.succeededFuture(true);
        }
        if (waits.size() >= MAX) {
            return Future.succeededFuture(false);
        }
        Wait wait = new Wait(condition, Promise.promise());
        waits.add(wait);
        long timer = vertx.setTimer(Math.max(1, limit.toMillis()), ignored -> end(wait, false));
        return wait.promise().future().onComplete(ignored -> vertx.cancelTimer(timer));
    }

    void changed(Zab.Status now) {
        for (Wait wait : List.copyOf(waits)) {
            if (wait.condition().test(now)) {
                end(wait, true);
            }
        }
    }

    private void end(Wait wait, boolean holds) {
        waits.remove(wait);
        wait.promise().tryComplete(holds);
    }
}
