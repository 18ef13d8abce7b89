package io.holdfast.client.internal;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.client.HoldfastException;
import io.holdfast.client.LockRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A client and a model of the server, with three ways between them that can fail, in made-up time. */
abstract class MadeUpTime {

    static final LockRequest LOCK = LockRequest.exclusive("a");

    final FakeLoop loop = new FakeLoop(1);
    final ModelServer server = new ModelServer(loop);
    final FakeTransport transport = new FakeTransport(loop, server);
    final CoreClient client = client();

    private CoreClient client() {
        server.beat();
        return client(Duration.ofSeconds(10));
    }

    final CoreClient client(Duration ttl) {
        return new CoreClient(options(ttl), loop, transport, loop, () -> {});
    }

    private static ClientOptions options(Duration ttl) {
        return ClientOptions.of(FakeTransport.NODES, ttl, "test");
    }

    PendingLease begin(LockRequest what, long wait) {
        return client.begin(Owner.borrowing(pool(), loop, () -> true), what, wait);
    }

    SessionPool pool() {
        return client.pool();
    }

    LeaseHandle take(LockRequest what) {
        return take(client, what);
    }

    final LeaseHandle take(CoreClient by, LockRequest what) {
        PendingLease pending = by.begin(Owner.borrowing(by.pool(), loop, () -> true), what, 0);
        loop.until(60_000, pending.result()::isDone);
        return pending.result().join().orElseThrow();
    }

    boolean release(LeaseHandle lease) {
        CompletableFuture<Boolean> released = client.release(lease);
        loop.until(60_000, released::isDone);
        return released.join();
    }

    HoldfastException failure(PendingLease pending, long bound) {
        loop.until(bound, pending.result()::isDone);
        var failure =
                assertThrows(ExecutionException.class, () -> pending.result().get());
        return assertInstanceOf(HoldfastException.class, Failures.cause(failure.getCause()));
    }
}
