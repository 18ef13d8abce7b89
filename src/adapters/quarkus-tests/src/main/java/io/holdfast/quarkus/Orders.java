package io.holdfast.quarkus;

import io.holdfast.cdi.Leases;
import io.holdfast.cdi.Locked;
import io.holdfast.client.Lease;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import jakarta.enterprise.context.ApplicationScoped;

/** What two processes must not do to the same order at once. */
@ApplicationScoped
public class Orders {

    private final Journal journal;

    Orders(Journal journal) {
        this.journal = journal;
    }

    @Locked(name = "orders/{id}", waitFor = "5s")
    public void ship(String id) {
        Lease lease = Leases.current();
        lease.check();
        journal.note("ship " + id + " " + lease.token());
    }

    @Locked(name = "orders/{id}", waitFor = "5s")
    public Uni<Long> bill(String id) {
        Lease lease = Leases.current();
        return send(id, lease.token()).onItem().invoke(lease::check);
    }

    private Uni<Long> send(String id, long token) {
        journal.note("bill " + id + " on the event loop " + Context.isOnEventLoopThread());
        return Uni.createFrom().item(token);
    }
}
