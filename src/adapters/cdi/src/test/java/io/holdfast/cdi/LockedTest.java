package io.holdfast.cdi;

import static io.holdfast.client.internal.Waiting.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.client.DistributedLock;
import io.holdfast.client.DistributedReadWriteLock;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.Lease;
import io.holdfast.client.LeaseLostException;
import io.holdfast.client.LockRequest;
import io.holdfast.client.internal.ModelEnsemble;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Methods under locks, in a container that finds everything by itself. */
@Timeout(180)
class LockedTest {

    private static final long BOUND = 60;

    private static final ModelEnsemble ENSEMBLE = new ModelEnsemble();
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();
    private static Application application;
    private static HoldfastClient other;
    private static Orders orders;

    @BeforeAll
    static void start() {
        application = new Application(
                "locked",
                ENSEMBLE,
                Map.of("holdfast.client.endpoints", "http://one,http://two,http://three", "holdfast.client.ttl", "1m"));
        other = ENSEMBLE.client(Duration.ofMinutes(1));
        orders = application.get(Orders.class);
    }

    @AfterAll
    static void stop() {
        application.close();
        ENSEMBLE.close();
        THREADS.shutdownNow();
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(BOUND, TimeUnit.SECONDS);
    }

    private static Lease taken(String lock) throws InterruptedException {
        return other.tryAcquire(LockRequest.exclusive(lock), Duration.ofSeconds(BOUND))
                .orElseThrow();
    }

    @Test
    void aMethodRunsUnderTheLockThatItsParametersName() throws Exception {
        Lease lease = orders.change("7 a/b~", () -> {
            assertTrue(ENSEMBLE.isHeld("orders/7~20a/b~7E"));
            Leases.current().check();
            return Leases.current();
        });
        assertFalse(ENSEMBLE.isHeld("orders/7~20a/b~7E"));
        assertThrows(LeaseLostException.class, lease::check);
        assertEquals(
                List.of("orders/12/lines/3"),
                orders.changeLine(12, 3).orElseThrow().locks());
        assertThrows(IllegalStateException.class, Leases::current);
    }

    @Test
    void aCallThatIsNotGrantedTheLockFailsOrIsSkipped() throws Exception {
        Lease lease = taken("orders/1");
        LockBusyException busy = assertThrows(LockBusyException.class, () -> orders.change("1", () -> "run"));
        assertEquals("orders/1", busy.lock());
        assertEquals("@Locked Orders.change was not granted orders/1 within 0s", busy.getMessage());
        orders.touch("1", () -> {
            throw new AssertionError("run");
        });
        lease.close();
        Lease line = taken("orders/1/lines/2");
        assertEquals(Optional.empty(), orders.changeLine(1, 2));
        line.close();
        assertTrue(orders.changeLine(1, 2).isPresent());
    }

    @Test
    void aCallWaitsForItsLockAndCanBeInterruptedThen() throws Exception {
        Lease lease = taken("orders/2");
        Future<String> waits = THREADS.submit(() -> orders.changeInTime("2", () -> "run"));
        await(() -> ENSEMBLE.tickets("orders/2") == 2);
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        Future<Throwable> interrupted = THREADS.submit(() -> {
            thread.complete(Thread.currentThread());
            try {
                return assertThrows(LockBusyException.class, () -> orders.changeInTime("2", () -> "run"))
                        .getCause();
            } finally {
                flag.complete(Thread.currentThread().isInterrupted());
            }
        });
        await(() -> ENSEMBLE.tickets("orders/2") == 3);
        get(thread).interrupt();
        assertInstanceOf(InterruptedException.class, get(interrupted));
        assertTrue(get(flag), "the flag is kept");
        lease.close();
        assertEquals("run", get(waits));
    }

    @Test
    void aMethodMayCallAnotherUnderTheSameLock() throws Exception {
        assertEquals("run", orders.changeWithin("3", () -> "run"));
        assertEquals(0, ENSEMBLE.tickets("orders/3"));
    }

    @Test
    void whatAMethodThrowsIsThrown() {
        IllegalStateException mine = new IllegalStateException("mine");
        assertSame(
                mine,
                assertThrows(
                        IllegalStateException.class,
                        () -> orders.change("4", () -> {
                            throw mine;
                        })));
        assertEquals(0, ENSEMBLE.tickets("orders/4"));
    }

    @Test
    void aMethodIsInterruptedAndFailsWhenItsLeaseIsLost() throws Exception {
        try (Application cut = new Application(
                "cut", ENSEMBLE, Map.of("holdfast.client.endpoints", "http://one", "holdfast.client.ttl", "2s"))) {
            AtomicInteger interrupts = new AtomicInteger();
            Orders its = cut.get(Orders.class);
            Orders.Shop shop = cut.get(Orders.Shop.class);
            LeaseLostException lost = assertThrows(
                    LeaseLostException.class,
                    () -> its.change("5", () -> {
                        ENSEMBLE.cut(cut.transport);
                        await(() -> {
                            interrupts.addAndGet(Thread.interrupted() ? 1 : 0);
                            return Leases.current().remaining().isZero();
                        });
                        assertThrows(LeaseLostException.class, () -> shop.change("5", () -> "run"));
                        return "returns";
                    }));
            ENSEMBLE.heal(cut.transport);
            assertEquals(1, interrupts.get());
            assertTrue(lost.getMessage().contains("[orders/5]"), lost.getMessage());
        }
    }

    @Test
    void aLockThatStaysClosedLetsAJobRunOnce() {
        assertEquals(true, orders.nightly());
        assertNull(orders.nightly());
        assertEquals(0, ENSEMBLE.tickets("nightly"));
    }

    @Test
    void theLockIsHeldWhenATransactionBeginsAndEnds() {
        Booked.Transaction.held = () -> ENSEMBLE.isHeld("booked");
        orders.book(() -> {});
        assertEquals(List.of(true, true), Booked.Transaction.HELD);
        assertFalse(ENSEMBLE.isHeld("booked"));
    }

    @Test
    void aStageKeepsTheLockUntilItCompletes() throws Exception {
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<String> result = orders.send("1", lease -> work).toCompletableFuture();
        await(() -> ENSEMBLE.isHeld("async/1"));
        ExecutionException busy = assertThrows(
                ExecutionException.class,
                () -> get(orders.send("1", lease -> work).toCompletableFuture()));
        assertInstanceOf(LockBusyException.class, busy.getCause());
        assertEquals(Optional.empty(), get(orders.trySend("1", new CompletableFuture<>())));
        work.complete("sent");
        assertEquals("sent", get(result));
        assertFalse(ENSEMBLE.isHeld("async/1"));
        RuntimeException mine = new RuntimeException("mine");
        ExecutionException failed = assertThrows(
                ExecutionException.class,
                () -> get(orders.send("1", lease -> CompletableFuture.failedStage(mine))
                        .toCompletableFuture()));
        assertSame(mine, failed.getCause());
        ExecutionException none = assertThrows(
                ExecutionException.class,
                () -> get(orders.send("1", lease -> null).toCompletableFuture()));
        assertEquals("an asynchronous method returned null", none.getCause().getMessage());
    }

    @Test
    void cancellingTheResultCancelsTheWorkAndReleasesTheLock() throws Exception {
        CompletableFuture<Optional<String>> work = new CompletableFuture<>();
        CompletableFuture<Optional<String>> result = orders.trySend("2", work);
        await(() -> work.getNumberOfDependents() > 0);
        result.cancel(true);
        assertTrue(work.isCancelled());
        await(() -> !ENSEMBLE.isHeld("async/2"));
    }

    @Test
    void eachSubscriptionOfAUniHasTheLockUntilItCompletes() throws Exception {
        List<CompletableFuture<String>> works = new ArrayList<>();
        Uni<String> uni = orders.ask("3", () -> {
            CompletableFuture<String> work = new CompletableFuture<>();
            works.add(work);
            return Uni.createFrom().completionStage(work);
        });
        assertEquals(0, ENSEMBLE.tickets("async/3"), "nothing before it is subscribed");
        CompletableFuture<String> first = uni.subscribeAsCompletionStage();
        await(() -> ENSEMBLE.isHeld("async/3") && works.size() == 1);
        works.get(0).complete("first");
        assertEquals("first", get(first));
        assertFalse(ENSEMBLE.isHeld("async/3"));
        Cancellable second = uni.subscribe().with(item -> {});
        await(() -> works.size() == 2);
        second.cancel();
        await(() -> !ENSEMBLE.isHeld("async/3"));
        assertTrue(works.get(1).isCancelled());
    }

    @Test
    void anEventLoopIsNotBlockedAndAsynchronousWorkGoesOnInItsContext() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            CompletableFuture<Throwable> refused = new CompletableFuture<>();
            CompletableFuture<Boolean> same = new CompletableFuture<>();
            Context context = vertx.getOrCreateContext();
            context.runOnContext(nothing -> {
                refused.complete(assertThrows(IllegalStateException.class, () -> orders.touch("6", () -> {})));
                context.putLocal("request", "mine");
                orders.send(
                                "4",
                                lease -> CompletableFuture.completedStage(
                                        Vertx.currentContext() == context && Context.isOnEventLoopThread()))
                        .thenAccept(there -> same.complete(there && Vertx.currentContext() == context));
            });
            String message = get(refused).getMessage();
            assertTrue(
                    message.startsWith("@Locked Orders.touch waits for a lock, which the event loop vert.x-eventloop"),
                    message);
            assertTrue(get(same));
        } finally {
            vertx.close();
        }
    }

    @Test
    void whatIsWrongWithAnAnnotationIsSaidInOneLine() {
        says("needs a parameter nothing, which the method does not have", bean -> bean.noSuchParameter("1"));
        says(
                "\"orders/{id\" of Orders.noClosingBrace has a brace that is not closed",
                bean -> bean.noClosingBrace("1"));
        says("has no empty segment", Orders::noName);
        says("@Locked Orders.noDuration has waitFor = \"soon\": give a duration such as", Orders::noDuration);
        says("waitFor = \"25h\"", Orders::waitsTooLong);
        says("returns int, of which there is none when the call is skipped", Orders::primitive);
        says("returns a stream", Orders::stream);
        says("closedFor, which an asynchronous method cannot have", Orders::closedStage);
        says("the parameter id is null", bean -> bean.touch(null, () -> {}));
        says("has no empty segment", bean -> bean.touch("", () -> {}));
    }

    private static void says(String words, Consumer<Orders> call) {
        IllegalArgumentException wrong = assertThrows(IllegalArgumentException.class, () -> call.accept(orders));
        assertTrue(wrong.getMessage().contains(words), wrong.getMessage());
        assertFalse(wrong.getMessage().contains("\n"));
    }

    @Test
    void locksAreInjectedByName() throws Exception {
        DistributedLock stock = orders.stock();
        DistributedReadWriteLock prices = orders.prices();
        AtomicInteger run = new AtomicInteger();
        Lease lease = taken("stock/of~20a/shop");
        assertFalse(stock.tryLock());
        lease.close();
        stock.withLock(held -> run.incrementAndGet());
        prices.readLock().withLock(held -> run.incrementAndGet());
        assertEquals(2, run.get());
    }
}
