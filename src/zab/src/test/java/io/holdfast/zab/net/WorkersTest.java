package io.holdfast.zab.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What blocks comes back in order with everything else that its context does. */
class WorkersTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void closeVertx() {
        Peer.until("closed", vertx.close()::isComplete);
    }

    @Test
    void aResultThatIsThereAtOnceStillWaitsForALaterTurn() {
        Context context = vertx.getOrCreateContext();
        List<String> order = new CopyOnWriteArrayList<>();
        context.runOnContext(ignored -> {
            CountDownLatch worked = new CountDownLatch(1);
            Workers workers = new Workers(context, vertx.createSharedWorkerExecutor("workers-test"));
            Future<Boolean> result = workers.run(() -> {
                worked.countDown();
                return true;
            });
            awaitQuietly(worked);
            result.onComplete(done -> order.add("result on " + (Vertx.currentContext() == context)));
            order.add("end of turn");
        });
        Peer.until("the result is there", () -> order.size() == 2);
        assertEquals(List.of("end of turn", "result on true"), order);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
