package io.holdfast.cdi;

import io.holdfast.client.DistributedLock;
import io.holdfast.client.DistributedReadWriteLock;
import io.holdfast.client.Lease;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** An application's bean with locked methods of each kind. */
@ApplicationScoped
class Orders {

    @Inject
    @HoldfastLock("stock/of a/shop")
    DistributedLock stock;

    @Inject
    @HoldfastLock("prices")
    DistributedReadWriteLock prices;

    @Inject
    Shop shop;

    DistributedLock stock() {
        return stock;
    }

    DistributedReadWriteLock prices() {
        return prices;
    }

    @Locked(name = "orders/{id}")
    <T> T change(String id, Callable<T> body) throws Exception {
        return body.call();
    }

    @Locked(name = "orders/{id}", waitFor = "2m")
    <T> T changeInTime(String id, Callable<T> body) throws Exception {
        return body.call();
    }

    @Locked(name = "orders/{id}")
    <T> T changeWithin(String id, Callable<T> body) throws Exception {
        return shop.change(id, body);
    }

    /** Another bean that takes the same locks. */
    @ApplicationScoped
    static class Shop {

        @Locked(name = "orders/{id}")
        <T> T change(String id, Callable<T> body) throws Exception {
            return body.call();
        }
    }

    @Locked(name = "orders/{order}/lines/{line}", onBusy = OnBusy.SKIP)
    Optional<Lease> changeLine(@LockParameter("order") long id, int line) {
        return Optional.of(Leases.current());
    }

    @Locked(name = "orders/{id}", onBusy = OnBusy.SKIP)
    void touch(String id, Runnable body) {
        body.run();
    }

    @Locked(name = "nightly", onBusy = OnBusy.SKIP, closedFor = "1h")
    Boolean nightly() {
        return true;
    }

    @Booked
    @Locked(name = "booked")
    void book(Runnable body) {
        body.run();
    }

    @Locked(name = "async/{id}")
    <T> CompletionStage<T> send(String id, Function<Lease, CompletionStage<T>> body) {
        return body.apply(Leases.current());
    }

    @Locked(name = "async/{id}", onBusy = OnBusy.SKIP)
    <T> CompletableFuture<Optional<T>> trySend(String id, CompletableFuture<Optional<T>> work) {
        return work;
    }

    @Locked(name = "async/{id}")
    <T> Uni<T> ask(String id, Callable<Uni<T>> body) throws Exception {
        return body.call();
    }

    @Locked(name = "orders/{nothing}")
    void noSuchParameter(String id) {}

    @Locked(name = "orders/{id")
    void noClosingBrace(String id) {}

    @Locked(name = "orders//all")
    void noName() {}

    @Locked(name = "a", waitFor = "soon")
    void noDuration() {}

    @Locked(name = "a", waitFor = "25h")
    void waitsTooLong() {}

    @Locked(name = "a", onBusy = OnBusy.SKIP)
    int primitive() {
        return 1;
    }

    @Locked(name = "a")
    Multi<String> stream() {
        return Multi.createFrom().empty();
    }

    @Locked(name = "a", closedFor = "1s")
    CompletionStage<String> closedStage() {
        return CompletableFuture.completedStage("");
    }
}
