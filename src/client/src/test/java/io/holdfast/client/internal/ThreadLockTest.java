package io.holdfast.client.internal;

import static io.holdfast.client.internal.Waiting.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.Mode;
import io.holdfast.client.DistributedLock;
import io.holdfast.client.DistributedReadWriteLock;
import io.holdfast.client.Lease;
import io.holdfast.client.LeaseLostException;
import io.holdfast.client.LockRequest;
import io.holdfast.client.Loss;
import io.holdfast.client.Session;
import io.holdfast.client.SessionState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Locks that threads own, against a model of the server, with real threads. */
@Timeout(120)
class ThreadLockTest {

    private static final long BOUND = Waiting.BOUND_SECONDS;

    private final ThreadLoop loop = new ThreadLoop("test-server");
    private final ModelServer server = new ModelServer(loop);
    private final FakeTransport transport = new FakeTransport(loop, server);
    private final ExecutorService threads = Executors.newCachedThreadPool(ThreadLoop.daemons("test"));
    private CoreClient client = client(Duration.ofMinutes(2));

    private CoreClient client(Duration ttl) {
        ClientOptions options = ClientOptions.of(FakeTransport.NODES, ttl, "test");
        loop.execute(server::beat);
        return new CoreClient(options, new ThreadLoop("test-client"), transport, threads, () -> {});
    }

    @AfterEach
    void close() {
        client.close();
        threads.shutdownNow();
        loop.close();
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

    private int tickets() {
        return onServer(server.tickets::size);
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(BOUND, TimeUnit.SECONDS);
    }

    @Test
    void aThreadTakesALockAgainAndReleasesItAsOften() throws Exception {
        DistributedLock lock = client.lock("a");
        lock.lock();
        lock.lockInterruptibly();
        assertTrue(client.lock("a").tryLock(), "another object of the same name is the same lock");
        long token = lock.token();
        assertEquals(1, tickets());
        assertFalse(get(threads.submit(() -> lock.tryLock())));
        assertFalse(get(threads.submit(() -> lock.tryLock(10, TimeUnit.MILLISECONDS))));
        lock.unlock();
        lock.unlock();
        assertEquals(token, lock.lease().token());
        lock.unlock();
        assertEquals(0, tickets());
        assertThrows(IllegalMonitorStateException.class, lock::unlock);
        assertThrows(IllegalMonitorStateException.class, lock::token);
        assertThrows(UnsupportedOperationException.class, lock::newCondition);
        assertTrue(get(threads.submit(() -> {
            lock.lock();
            try {
                return lock.token() > token;
            } finally {
                lock.unlock();
            }
        })));
    }

    @Test
    void unlockingOfAnotherThreadsLockIsRefused() throws Exception {
        DistributedLock lock = client.lock("a");
        lock.lock();
        ExecutionException refused = assertThrows(ExecutionException.class, () -> get(threads.submit(lock::unlock)));
        assertInstanceOf(IllegalMonitorStateException.class, refused.getCause());
        assertEquals(1, tickets());
        lock.unlock();
    }

    @Test
    void theLocksOfAThreadAreOneSessionAndThoseOfThreadsAreNot() throws Exception {
        client.lock("a").lock();
        client.lock("b").lock();
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Future<?> other = threads.submit(() -> {
            client.lock("c").lock();
            taken.countDown();
            end.await();
            client.lock("c").unlock();
            return null;
        });
        assertTrue(taken.await(BOUND, TimeUnit.SECONDS));
        assertEquals(
                2L,
                onServer(() -> server.tickets.values().stream()
                        .map(ticket -> ticket.session)
                        .distinct()
                        .count()));
        end.countDown();
        get(other);
        client.lock("b").unlock();
        client.lock("a").unlock();
    }

    @Test
    void onlyOneThreadIsInside() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        List<Long> tokens = Collections.synchronizedList(new ArrayList<>());
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            all.add(threads.submit(() -> {
                for (int turn = 0; turn < 10; turn++) {
                    client.lock("a").withLock(lease -> {
                        assertEquals(1, inside.incrementAndGet());
                        tokens.add(lease.token());
                        lease.check();
                        inside.decrementAndGet();
                        return null;
                    });
                }
                return null;
            }));
        }
        for (Future<?> one : all) {
            get(one);
        }
        assertEquals(60, tokens.size());
        assertEquals(tokens.stream().sorted().toList(), tokens);
        assertEquals(0, tickets());
    }

    @Test
    void aThreadThatIsInterruptedLeavesTheQueueAndAnotherWaitsOn() throws Exception {
        DistributedLock lock = client.lock("a");
        lock.lock();
        AtomicReference<Thread> waiting = new AtomicReference<>();
        Future<Boolean> interrupted = threads.submit(() -> {
            waiting.set(Thread.currentThread());
            try {
                lock.lockInterruptibly();
                return false;
            } catch (InterruptedException e) {
                return !Thread.currentThread().isInterrupted();
            }
        });
        await(() -> tickets() == 2);
        waiting.get().interrupt();
        assertTrue(get(interrupted));
        assertEquals(1, tickets());
        Future<Boolean> patient = threads.submit(() -> {
            waiting.set(Thread.currentThread());
            lock.lock();
            boolean flag = Thread.interrupted();
            Thread.currentThread().interrupt();
            lock.unlock();
            return flag && Thread.interrupted();
        });
        await(() -> tickets() == 2);
        waiting.get().interrupt();
        lock.unlock();
        assertTrue(get(patient), "it got the lock, with its flag, and released it with the flag set");
        assertEquals(0, tickets());
    }

    @Test
    void anInterruptedThreadThatTriesIsToldAtOnce() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> client.lock("a").tryLock(1, TimeUnit.SECONDS));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> client.lock("a").lockInterruptibly());
        Thread.currentThread().interrupt();
        assertTrue(client.lock("a").tryLock(), "a try does not wait, so it is not interrupted");
        client.lock("a").unlock();
        assertTrue(Thread.interrupted());
    }

    @Test
    void aHolderThatLostItsLockIsTold() throws Exception {
        DistributedLock lock = client.lock("a");
        lock.lock();
        lock.lock();
        Lease lease = lock.lease();
        CompletableFuture<Loss> lost = lease.lost();
        lose(lock.lease());
        assertEquals(Loss.SESSION_ENDED, get(lost));
        assertThrows(LeaseLostException.class, lease::check);
        assertThrows(LeaseLostException.class, lock::lock);
        assertThrows(LeaseLostException.class, lock::unlock);
        assertThrows(LeaseLostException.class, lock::unlock);
        assertThrows(IllegalMonitorStateException.class, lock::unlock);
        lock.lock();
        lose(lock.lease());
        await(() -> lock.lease().remaining().isZero());
        assertFalse(lock.tryLock(), "a try forgets the hold");
        assertThrows(IllegalMonitorStateException.class, lock::unlock);
        assertTrue(lock.tryLock());
        lock.unlock();
    }

    /** Ends the session at the server, and has the client hear of it. */
    private void lose(Lease lease) {
        onServer(() -> {
            server.endSessionOf(lease.grant());
            return null;
        });
        client.services().loop().execute(() -> client.pool().keepAlive().renewNow());
    }

    @Test
    void aBodyIsInterruptedOnceAndNeverAfterItReturned() throws Exception {
        DistributedLock lock = client.lock("a");
        CountDownLatch endless = new CountDownLatch(1);
        LeaseLostException loss = assertThrows(
                LeaseLostException.class,
                () -> lock.withLock(lease -> {
                    lose(lock.lease());
                    assertThrows(InterruptedException.class, endless::await);
                    return "done";
                }));
        assertEquals(Loss.SESSION_ENDED, loss.loss());
        assertFalse(Thread.currentThread().isInterrupted());
        InterruptedException body = assertThrows(
                InterruptedException.class,
                () -> lock.withLock(lease -> {
                    lose(lock.lease());
                    endless.await();
                    return "done";
                }));
        assertInstanceOf(LeaseLostException.class, body.getSuppressed()[0]);
        assertThrows(
                LeaseLostException.class,
                () -> lock.withLock(lease -> {
                    lose(lock.lease());
                    await(() -> Thread.currentThread().isInterrupted());
                    return "it does not look at its flag";
                }));
        assertFalse(Thread.currentThread().isInterrupted(), "a flag that only the client set is cleared");
        assertEquals("well", lock.withLock(lease -> "well"));
        assertEquals(Optional.of("well"), lock.tryWithLock(Duration.ZERO, lease -> "well"));
        assertEquals(0, tickets());
    }

    @Test
    void aBodyInsideABodyIsUnderTheSameLease() throws Exception {
        DistributedLock lock = client.lock("a");
        Boolean sameLease = lock.withLock(outer -> {
            long token = outer.token();
            boolean same = lock.withLock(inner -> inner == outer);
            outer.check();
            return same && lock.token() == token;
        });
        assertTrue(sameLease);
        IllegalStateException failure = assertThrows(
                IllegalStateException.class,
                () -> lock.withLock(lease -> {
                    throw new IllegalStateException("the body's own");
                }));
        assertEquals(0, failure.getSuppressed().length);
        assertEquals(0, tickets());
    }

    @Test
    void aBodyThatIsNotRunIsEmpty() throws Exception {
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Future<?> other = threads.submit(() -> client.lock("a").withLock(lease -> {
            taken.countDown();
            end.await();
            return null;
        }));
        assertTrue(taken.await(BOUND, TimeUnit.SECONDS));
        assertEquals(Optional.empty(), client.lock("a").tryWithLock(Duration.ofMillis(50), lease -> "run"));
        end.countDown();
        get(other);
    }

    @Test
    void aWriterBecomesAReaderInPlaceAndASoleReaderAWriter() throws Exception {
        DistributedReadWriteLock lock = client.readWriteLock("rw");
        lock.writeLock().lock();
        long token = lock.writeLock().token();
        lock.readLock().lock();
        assertFalse(get(threads.submit(() -> lock.readLock().tryLock())));
        lock.writeLock().unlock();
        assertEquals(token, lock.readLock().token());
        assertEquals(Mode.SHARED, lock.readLock().lease().mode());
        assertThrows(IllegalMonitorStateException.class, lock.writeLock()::unlock);
        assertThrows(IllegalMonitorStateException.class, lock.writeLock()::lock);
        assertTrue(lock.writeLock().tryLock(), "the only reader");
        assertNotEquals(token, lock.writeLock().token());
        lock.writeLock().unlock();
        assertTrue(get(threads.submit(() -> {
            boolean shared = lock.readLock().tryLock();
            boolean alone = lock.writeLock().tryLock();
            lock.readLock().unlock();
            return shared && !alone;
        })));
        lock.readLock().unlock();
        assertEquals(0, tickets());
    }

    @Test
    void aThreadThatEndsWithoutReleasingIsFoundOut() throws Exception {
        client.close();
        client = client(Duration.ofSeconds(5));
        Thread careless = new Thread(() -> client.lock("a").lock());
        careless.start();
        careless.join(BOUND * 1000);
        assertEquals(1, tickets());
        await(() -> tickets() == 0);
    }

    @Test
    void leasesBelongToNoThread() throws Exception {
        Lease lease =
                client.tryAcquire(LockRequest.exclusive("a"), Duration.ZERO).orElseThrow();
        assertEquals(Optional.empty(), client.tryAcquire(LockRequest.exclusive("a"), Duration.ZERO));
        CompletableFuture<Lease> next = client.acquireAsync(LockRequest.exclusive("a"), Duration.ofMinutes(1));
        CompletableFuture<Lease> withdrawn = client.acquireAsync(LockRequest.exclusive("a"), Duration.ofMinutes(1));
        await(() -> tickets() == 3);
        withdrawn.cancel(true);
        await(() -> tickets() == 2);
        get(threads.submit(lease::close));
        lease.close();
        assertEquals(Loss.RELEASED, get(lease.lost()));
        Lease second = get(next);
        assertTrue(second.token() > lease.token());
        second.close();
        assertEquals(0, tickets());
        assertThrows(
                IllegalArgumentException.class,
                () -> client.tryAcquire(LockRequest.exclusive("a"), Duration.ofMillis(-1)));
    }

    @Test
    void aLeaseIsHandedToTheTicketThatAsked() throws Exception {
        Lease lease =
                client.tryAcquire(LockRequest.exclusive("a"), Duration.ZERO).orElseThrow();
        assertFalse(lease.handOver("nothing-of-that-id"));
        lease.check();
        CompletableFuture<Lease> next = client.acquireAsync(LockRequest.exclusive("a"), Duration.ofMinutes(1));
        await(() -> tickets() == 2);
        String ticket = onServer(
                () -> server.tickets.keySet().stream().skip(1).findFirst().orElseThrow());
        assertTrue(lease.handOver(ticket));
        assertThrows(LeaseLostException.class, lease::check);
        get(next).close();
    }

    @Test
    void asynchronousWorkHoldsTheLockUntilItsStageCompletes() throws Exception {
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<String> result = client.lock("a").withLockAsync(lease -> work);
        await(() -> tickets() == 1);
        assertFalse(client.lock("a").tryLock());
        work.complete("done");
        assertEquals("done", get(result));
        assertEquals(0, tickets());
        CompletableFuture<String> endless = new CompletableFuture<>();
        AtomicReference<Lease> held = new AtomicReference<>();
        CompletableFuture<String> lost = client.lock("a").withLockAsync(lease -> {
            held.set(lease);
            return endless;
        });
        await(() -> held.get() != null);
        lose(held.get());
        ExecutionException failure = assertThrows(ExecutionException.class, () -> get(lost));
        assertTrue(endless.isCancelled(), "the work is told to stop");
        assertInstanceOf(LeaseLostException.class, failure.getCause());
    }

    @Test
    void asynchronousWorkThatIsNotGrantedInTimeIsNotBegun() throws Exception {
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<Optional<String>> first = client.lock("a").tryWithLockAsync(Duration.ZERO, lease -> work);
        await(() -> tickets() == 1);
        assertEquals(Optional.empty(), get(client.lock("a").<String>tryWithLockAsync(Duration.ZERO, lease -> {
            throw new AssertionError("begun");
        })));
        CompletableFuture<Optional<String>> withdrawn =
                client.lock("a").tryWithLockAsync(Duration.ofMinutes(1), lease -> work);
        await(() -> tickets() == 2);
        withdrawn.cancel(true);
        await(() -> tickets() == 1);
        work.complete("done");
        assertEquals(Optional.of("done"), get(first));
        assertEquals(0, tickets());
        CompletableFuture<String> minimal =
                client.lock("a").withLockAsync(lease -> CompletableFuture.completedStage("at once"));
        assertEquals("at once", get(minimal));
    }

    @Test
    void aSessionOfOnesOwnEndsWithAllItHas() throws Exception {
        Session session = client.openSession("own");
        List<SessionState> told = Collections.synchronizedList(new ArrayList<>());
        session.onState(told::add);
        Lease one =
                session.tryAcquire(LockRequest.exclusive("a"), Duration.ZERO).orElseThrow();
        Lease two = get(session.acquireAsync(LockRequest.exclusive("b"), Duration.ZERO));
        assertEquals(SessionState.CONNECTED, session.state());
        session.close();
        assertEquals(SessionState.CLOSED, session.state());
        assertThrows(LeaseLostException.class, one::check);
        assertThrows(LeaseLostException.class, two::check);
        assertEquals(0, tickets());
        await(() -> told.equals(List.of(SessionState.CONNECTED, SessionState.CLOSED)));
        assertThrows(LeaseLostException.class, () -> session.tryAcquire(LockRequest.exclusive("a"), Duration.ZERO));
    }

    @Test
    void closingEndsAllAlsoOnAnInterruptedThread() throws Exception {
        CountDownLatch taken = new CountDownLatch(1);
        Future<String> body = threads.submit(() -> client.lock("a").withLock(lease -> {
            taken.countDown();
            try {
                new CountDownLatch(1).await();
                return "never";
            } catch (InterruptedException e) {
                return "stopped";
            }
        }));
        assertTrue(taken.await(BOUND, TimeUnit.SECONDS));
        CompletableFuture<Lease> waits = client.acquireAsync(LockRequest.exclusive("a"), Duration.ofMinutes(1));
        await(() -> tickets() == 2);
        Thread.currentThread().interrupt();
        client.close();
        assertTrue(Thread.interrupted());
        assertEquals("stopped", get(body));
        assertThrows(CancellationException.class, () -> get(waits));
        assertEquals(0, onServer(server::sessionCount));
        client.close();
        assertThrows(IllegalStateException.class, () -> client.lock("a").lock());
        assertSame(0, tickets());
    }
}
