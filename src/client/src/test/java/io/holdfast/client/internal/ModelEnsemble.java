package io.holdfast.client.internal;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.spi.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Clients of the model of the server, for the tests of modules that use the client: real threads and real time, no
 * network and no nodes. Any thread.
 */
public final class ModelEnsemble implements AutoCloseable {

    private final ThreadLoop loop = new ThreadLoop("model-server");
    private final ModelServer server = new ModelServer(loop);
    private final ExecutorService listeners = Executors.newCachedThreadPool(ThreadLoop.daemons("listener"));
    private final Map<HoldfastClient, FakeTransport> clients = new ConcurrentHashMap<>();

    /** One without clients. */
    public ModelEnsemble() {
        loop.execute(server::beat);
    }

    /** A client with a way of its own; closed with the ensemble. */
    public HoldfastClient client(Duration ttl) {
        FakeTransport transport = new FakeTransport(loop, server);
        ClientOptions options = ClientOptions.of(FakeTransport.NODES, ttl, "test");
        CoreClient client = new CoreClient(options, new ThreadLoop("test-client"), transport, listeners, () -> {});
        clients.put(client, transport);
        return client;
    }

    /** A way to it for a client that is built elsewhere, and not closed with the ensemble. */
    public Transport transport() {
        return new FakeTransport(loop, server);
    }

    /** Lets all requests of a client vanish from now on. */
    public void cut(HoldfastClient client) {
        cut(clients.get(client));
    }

    /** Lets all requests on a way vanish from now on. */
    public void cut(Transport way) {
        onServer(() -> {
            ((FakeTransport) way).all(FakeTransport.swallows());
            return null;
        });
    }

    /** Lets the requests of a client find all nodes closed from now on. */
    public void refuse(HoldfastClient client) {
        onServer(() -> {
            clients.get(client).all(FakeTransport.refuses());
            return null;
        });
    }

    /** Lets the requests of a client through again. */
    public void heal(HoldfastClient client) {
        heal(clients.get(client));
    }

    /** Lets the requests on a way through again. */
    public void heal(Transport way) {
        onServer(() -> {
            FakeTransport transport = (FakeTransport) way;
            transport.all(transport.well());
            return null;
        });
    }

    /** Tickets that hold or wait for a lock. */
    public int tickets(String lock) {
        return onServer(() -> (int) server.tickets.values().stream()
                .filter(ticket -> ticket.locks().contains(lock))
                .count());
    }

    /** Whether a ticket holds a lock. */
    public boolean isHeld(String lock) {
        return onServer(() -> server.tickets.values().stream()
                .anyMatch(ticket -> ticket.token > 0 && ticket.locks().contains(lock)));
    }

    /** Takes a lock from its holder as an administrator would. */
    public void breakLock(String lock) {
        onServer(() -> {
            // All are found first: what is taken from one is granted to the next.
            List<String> holders = server.tickets.values().stream()
                    .filter(ticket -> ticket.token > 0 && ticket.locks().contains(lock))
                    .map(ticket -> ticket.id)
                    .toList();
            holders.forEach(server::breakGrant);
            return null;
        });
    }

    private <T> T onServer(Callable<T> action) {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                done.complete(action.call());
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        });
        return done.join();
    }

    @Override
    public void close() {
        new ArrayList<>(clients.keySet()).forEach(HoldfastClient::close);
        listeners.shutdownNow();
        loop.close();
    }
}
