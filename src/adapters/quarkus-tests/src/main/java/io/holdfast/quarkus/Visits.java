package io.holdfast.quarkus;

import io.holdfast.cdi.HoldfastLock;
import io.holdfast.client.DistributedLock;
import io.holdfast.client.HoldfastClient;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Uses each way in, on a worker thread and on an event loop. */
@ApplicationScoped
public class Visits {

    @Inject
    HoldfastClient client;

    @Inject
    @HoldfastLock("visits/count")
    DistributedLock count;

    @Inject
    Orders orders;

    @Inject
    Journal journal;

    @Startup
    void atStart() throws InterruptedException {
        orders.ship("7");
        long token = count.withLock(lease -> {
            lease.check();
            return lease.token();
        });
        journal.note("count " + token);
        client.locks().get("visits/count");
    }

    @Scheduled(every = "10m")
    @NonBlocking
    Uni<Void> onAnEventLoop() {
        try {
            orders.ship("8");
        } catch (IllegalStateException e) {
            journal.note("refused " + e.getMessage());
        }
        return orders.bill("9").replaceWithVoid();
    }
}
