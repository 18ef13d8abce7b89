package io.holdfast.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.client.LeaseLostException;
import io.holdfast.client.Session;
import io.holdfast.client.SessionState;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What went wrong in other clients of locks, each once. */
@Timeout(120)
class IncidentsTest extends MadeUpTime {

    @Test
    void theStateHasChangedBeforeAnythingIsTold() {
        LeaseHandle lease = take(LOCK);
        List<String> told = new ArrayList<>();
        lease.onStop(() -> told.add("stop, stopping " + lease.stopping()));
        lease.lost().thenAccept(loss -> {
            assertThrows(LeaseLostException.class, lease::check);
            told.add(loss + ", left " + lease.remaining().toNanos());
        });
        transport.all(FakeTransport.swallows());
        loop.pass(20_000);
        assertEquals(List.of("stop, stopping true", "EXPIRED, left 0"), told);
        // What is registered for what is over is told at once.
        lease.onStop(() -> told.add("late"));
        loop.pass(1);
        assertEquals("late", told.get(2));
    }

    @Test
    void aRenewalThatFailsIsToldInEveryStepAndRecovers() {
        CompletableFuture<ClientSession> opening = pool().open(io.holdfast.client.SessionOptions.named("own"));
        loop.until(10_000, opening::isDone);
        Session session = new OwnSession(client, client.services(), opening.join());
        List<SessionState> told = new ArrayList<>();
        session.onState(told::add);
        loop.pass(10);
        assertEquals(List.of(SessionState.CONNECTED), told, "the present state first");
        transport.all(FakeTransport.refuses());
        loop.until(10_000, () -> session.state() == SessionState.SUSPENDED);
        loop.pass(10);
        transport.all(transport.well());
        loop.until(10_000, () -> session.state() == SessionState.CONNECTED);
        loop.pass(10);
        transport.all(FakeTransport.refuses());
        loop.pass(30_000);
        assertEquals(
                List.of(
                        SessionState.CONNECTED,
                        SessionState.SUSPENDED,
                        SessionState.CONNECTED,
                        SessionState.SUSPENDED,
                        SessionState.STOPPING,
                        SessionState.LOST),
                told);
        transport.all(transport.well());
        loop.pass(60_000);
        assertEquals(SessionState.LOST, session.state(), "it is never revived");
        take(LOCK).check();
    }

    @Test
    void whatWasReleasedIsRenewedNoMore() {
        assertTrue(release(take(LOCK)));
        int before = server.called("POST /v1/sessions/-/keepalive");
        loop.pass(120_000);
        assertEquals(before, server.called("POST /v1/sessions/-/keepalive"));
    }

    @Test
    void anInterruptedThreadReleasesAndVirtualThreadsAreOwners() throws Exception {
        ThreadLoop model = new ThreadLoop("test-server");
        ModelServer real = new ModelServer(model);
        ExecutorService listeners = Executors.newCachedThreadPool(ThreadLoop.daemons("test"));
        try (CoreClient threaded = new CoreClient(
                        ClientOptions.of(FakeTransport.NODES, Duration.ofMinutes(2), "threads"),
                        new ThreadLoop("test-client"),
                        new FakeTransport(model, real),
                        listeners,
                        () -> {});
                Workers workers = new Workers()) {
            AtomicInteger inside = new AtomicInteger();
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(CompletableFuture.runAsync(
                        () -> {
                            threaded.lock("a").lock();
                            assertEquals(1, inside.incrementAndGet());
                            Thread.currentThread().interrupt();
                            assertEquals(0, inside.decrementAndGet());
                            threaded.lock("a").unlock();
                            assertTrue(Thread.interrupted(), "the flag is given back");
                        },
                        workers.threads));
            }
            for (CompletableFuture<Void> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
            CompletableFuture<Integer> left = new CompletableFuture<>();
            model.execute(() -> left.complete(real.tickets.size()));
            assertEquals(0, left.get(60, TimeUnit.SECONDS));
        }
        listeners.shutdownNow();
        model.close();
    }

    /** Virtual threads where the platform has them. */
    private static final class Workers implements AutoCloseable {
        private final ExecutorService threads = make();

        private static ExecutorService make() {
            try {
                Method virtual = Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
                return (ExecutorService) virtual.invoke(null);
            } catch (ReflectiveOperationException e) {
                assertFalse(Runtime.version().feature() >= 21, "it has virtual threads");
                return Executors.newCachedThreadPool(ThreadLoop.daemons("worker"));
            }
        }

        @Override
        public void close() {
            threads.shutdownNow();
        }
    }
}
