package io.holdfast.client.internal;

import io.holdfast.client.Lease;
import io.holdfast.client.LockRequest;
import io.holdfast.client.Loss;
import io.holdfast.client.Session;
import io.holdfast.client.SessionState;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A session that the program opened. Any thread. */
final class OwnSession implements Session {

    private final CoreClient client;
    private final ClientServices services;
    private final ClientSession session;
    private final Owner owner;
    private final QuietStream quiet;

    OwnSession(CoreClient client, ClientServices services, ClientSession session) {
        this.client = client;
        this.services = services;
        this.session = session;
        this.owner = Owner.of(session, services.pool(), services.loop());
        this.quiet = QuietStream.follow(services, session);
    }

    @Override
    public String id() {
        return session.id();
    }

    @Override
    public SessionState state() {
        return session.clock().at(services.loop().now());
    }

    @Override
    public void onState(Consumer<SessionState> listener) {
        Callbacks callbacks = new Callbacks(services.executor());
        services.loop().execute(() -> {
            SessionState now = session.told;
            callbacks.execute(() -> listener.accept(now));
            session.listeners.add(state -> callbacks.execute(() -> listener.accept(state)));
        });
    }

    @Override
    public Optional<Lease> tryAcquire(LockRequest what, Duration wait) throws InterruptedException {
        return CoreClient.await(client.begin(owner, what, CoreClient.waitMillis(wait)));
    }

    @Override
    public CompletableFuture<Lease> acquireAsync(LockRequest what, Duration wait) {
        return client.async(client.begin(owner, what, CoreClient.waitMillis(wait)));
    }

    @Override
    public void close() {
        quiet.close();
        Blocking.quietly(Blocking.on(services.loop(), () -> {
            services.pool().keepAlive().closed(session, Loss.RELEASED);
            return services.pool().settled();
        }));
    }
}
