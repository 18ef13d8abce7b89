package io.holdfast.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.Lease;
import io.holdfast.client.LeaseLostException;
import io.holdfast.client.LockRequest;
import io.holdfast.client.Loss;
import io.holdfast.client.OnOverrun;
import io.holdfast.client.OnStop;
import io.holdfast.client.SessionState;
import io.holdfast.client.spi.ClientObserver;
import io.holdfast.client.spi.MicrometerObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to work at the end of its lease, and what an observer is told of it all. */
@Timeout(120)
class OverrunTest {

    private final ThreadLoop loop = new ThreadLoop("test-server");
    private final ModelServer server = new ModelServer(loop);
    private final FakeTransport transport = new FakeTransport(loop, server);
    private final ExecutorService threads = Executors.newCachedThreadPool(ThreadLoop.daemons("test"));
    private final List<Integer> halted = Collections.synchronizedList(new ArrayList<>());
    private final List<HoldfastClient> clients = new ArrayList<>();

    @AfterEach
    void close() {
        clients.forEach(HoldfastClient::close);
        threads.shutdownNow();
        loop.close();
    }

    private CoreClient client(ClientObserver observer, OnStop onStop, OnOverrun onOverrun) {
        ClientOptions options = new ClientOptions(
                FakeTransport.NODES,
                Duration.ofMinutes(2),
                null,
                Duration.ZERO,
                "test",
                anew -> "",
                false,
                observer,
                onStop,
                onOverrun);
        CoreClient client = new CoreClient(
                options,
                new ThreadLoop("test-client"),
                transport,
                threads,
                new Conduct(options, halted::add),
                () -> {});
        clients.add(client);
        return client;
    }

    /** Ends the session of a lease at the server, and has the client hear of it. */
    private void endSession(CoreClient client, Lease lease) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> {
            server.endSessionOf(lease.grant());
            done.complete(null);
        });
        done.join();
        client.services().loop().execute(client.pool().keepAlive()::renewNow);
    }

    private static void awaitIgnoringInterrupts(CountDownLatch latch) {
        boolean over = false;
        while (!over) {
            try {
                over = latch.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                assertFalse(Thread.currentThread().isInterrupted());
            }
        }
    }

    @Test
    void aBodyThatRunsOnIsCountedOnceAndEndsTheProcessIfThatIsWanted() throws Exception {
        for (OnOverrun mode : OnOverrun.values()) {
            List<List<String>> overruns = Collections.synchronizedList(new ArrayList<>());
            CountDownLatch overrun = new CountDownLatch(1);
            ClientObserver observer = new ClientObserver() {
                @Override
                public void overrun(List<String> locks) {
                    overruns.add(locks);
                    overrun.countDown();
                }
            };
            CoreClient client = client(observer, OnStop.INTERRUPT, mode);
            Future<?> work = threads.submit(() -> client.lock("a").withLock(lease -> {
                endSession(client, lease);
                awaitIgnoringInterrupts(overrun);
                return "ran on";
            }));
            assertTrue(overrun.await(60, TimeUnit.SECONDS));
            assertThrows(Exception.class, work::get, "it is told that the lease was lost");
            assertEquals(List.of(List.of("a")), overruns);
            Waiting.await(() -> halted.size() == (mode == OnOverrun.HALT ? 1 : 0));
        }
        assertEquals(List.of(70), halted);
    }

    @Test
    void workThatEndedInTimeEndsNoProcess() throws Exception {
        CoreClient client = client(ClientObserver.NONE, OnStop.INTERRUPT, OnOverrun.HALT);
        assertEquals("done", client.lock("a").withLock(lease -> "done"));
        Lease lease =
                client.tryAcquire(LockRequest.exclusive("b"), Duration.ZERO).orElseThrow();
        endSession(client, lease);
        lease.lost().get(60, TimeUnit.SECONDS);
        // Released by the body itself: that is no loss, and nothing runs on.
        assertEquals("done", client.lock("c").withLock(held -> {
            held.close();
            return "done";
        }));
        assertEquals(List.of(), halted);
    }

    @Test
    void aSignalLeavesThreadsAndStagesAlone() throws Exception {
        CoreClient client = client(ClientObserver.NONE, OnStop.SIGNAL, OnOverrun.LOG);
        CountDownLatch told = new CountDownLatch(1);
        CompletableFuture<String> stage = new CompletableFuture<>();
        CompletableFuture<String> async = client.lock("async").withLockAsync(lease -> {
            lease.onStop(told::countDown);
            endSession(client, lease);
            return stage;
        });
        assertTrue(told.await(60, TimeUnit.SECONDS));
        assertFalse(stage.isDone(), "it is not cancelled");
        stage.complete("done");
        assertThrows(Exception.class, () -> async.get(60, TimeUnit.SECONDS));
        CountDownLatch stopped = new CountDownLatch(1);
        assertThrows(
                LeaseLostException.class,
                () -> client.lock("a").withLock(lease -> {
                    lease.onStop(stopped::countDown);
                    endSession(client, lease);
                    assertTrue(stopped.await(60, TimeUnit.SECONDS));
                    assertFalse(Thread.currentThread().isInterrupted());
                    return "done";
                }));
    }

    /** Keeps what it is told, and fails at everything. */
    private static final class Recorder implements ClientObserver {
        private final List<String> told = Collections.synchronizedList(new ArrayList<>());

        @Override
        public Map<String, String> headers() {
            return Map.of("traceparent", Thread.currentThread().getName(), "Authorization", "stolen", "Host", "x");
        }

        private void note(String what) {
            told.add(what);
            throw new IllegalStateException("the observer's own");
        }

        @Override
        public void call(Exchange exchange) {
            note(exchange.method() + " " + exchange.route() + " " + exchange.status());
        }

        @Override
        public void waited(LockRequest what, Duration wait, Outcome outcome) {
            note("waited " + what.names() + " " + outcome);
        }

        @Override
        public void acquired(Lease lease) {
            note("acquired " + lease.locks());
        }

        @Override
        public void ended(Lease lease, Duration held, Loss how) {
            note("ended " + lease.locks() + " " + how);
        }

        @Override
        public void session(String id, SessionState from, SessionState to) {
            note("session " + from + " " + to);
        }
    }

    @Test
    void anObserverIsToldAllAndItsFaultsAreItsOwn() throws Exception {
        Recorder recorder = new Recorder();
        List<String> traces = Collections.synchronizedList(new ArrayList<>());
        transport.all((request, answer) -> {
            if (!request.target().contains("keepalive") && !request.target().equals("/v1/sessions")) {
                traces.add(request.method() + " " + request.headers().get("traceparent"));
                assertEquals(null, request.headers().get("Authorization"));
                assertEquals(null, request.headers().get("Host"));
            }
            transport.well().take(request, answer);
        });
        CoreClient client = client(recorder, OnStop.INTERRUPT, OnOverrun.LOG);
        Thread.currentThread().setName("trace-me");
        try (Lease lease =
                client.tryAcquire(LockRequest.exclusive("a"), Duration.ZERO).orElseThrow()) {
            assertEquals(Optional.empty(), client.tryAcquire(LockRequest.exclusive("a"), Duration.ZERO));
            lease.check();
        }
        Waiting.await(() -> recorder.told.contains("ended [a] RELEASED"));
        assertEquals(
                List.of("PUT trace-me", "PUT trace-me", "DELETE trace-me"), traces, "headers of the calling thread");
        assertTrue(
                recorder.told.containsAll(List.of(
                        "POST /v1/sessions 201",
                        "PUT /v1/grants/{id} 200",
                        "waited [a] GRANTED",
                        "acquired [a]",
                        "waited [a] NOT_GRANTED",
                        "DELETE /v1/grants/{id} 204",
                        "session null CONNECTED",
                        "session CONNECTED CLOSED")),
                recorder.told.toString());
    }

    @Test
    void metricsSayWhatIsHeldWaitedForAndLost() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        CoreClient client = client(
                new MicrometerObserver(registry, name -> name.startsWith("few/") ? name : null),
                OnStop.INTERRUPT,
                OnOverrun.LOG);
        assertTrue(Double.isNaN(
                registry.get("holdfast.client.lease.remaining.min").gauge().value()));
        Lease lease =
                client.tryAcquire(LockRequest.exclusive("few/a"), Duration.ZERO).orElseThrow();
        double left =
                registry.get("holdfast.client.lease.remaining.min").gauge().value();
        assertTrue(left > 10 && left < 120, "" + left);
        assertEquals(
                1,
                registry.get("holdfast.client.sessions")
                        .tag("state", "connected")
                        .gauge()
                        .value());
        Lease other = client.tryAcquire(LockRequest.exclusive("many/1"), Duration.ZERO)
                .orElseThrow();
        other.close();
        endSession(client, lease);
        lease.lost().get(60, TimeUnit.SECONDS);
        Waiting.await(() -> registry.find("holdfast.client.lost")
                        .tags("cause", "session_ended", "lock", "few/a")
                        .counter()
                != null);
        assertEquals(
                1,
                registry.get("holdfast.client.held").tag("lock", "none").timer().count());
        assertEquals(
                2,
                registry.get("holdfast.client.wait").tag("outcome", "granted").timers().stream()
                        .mapToLong(timer -> timer.count())
                        .sum());
        assertTrue(registry.get("holdfast.client.calls")
                        .tags("method", "PUT", "route", "/v1/grants/{id}", "status", "200")
                        .timer()
                        .count()
                >= 2);
        assertEquals(
                0,
                registry.get("holdfast.client.sessions")
                        .tag("state", "connected")
                        .gauge()
                        .value());
    }
}
