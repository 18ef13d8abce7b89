package io.holdfast.spring.integration;

import static io.holdfast.spring.integration.Waiting.get;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.internal.ModelEnsemble;
import java.time.Duration;
import java.util.ConcurrentModificationException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.CannotAcquireLockException;

/** The registry against a model of the server. */
@Timeout(300)
class LockRegistryTest extends LockRegistryContract {

    private final ModelEnsemble ensemble = new ModelEnsemble();
    private final HoldfastClient client = ensemble.client(Duration.ofMinutes(2));
    private final HoldfastLockRegistry registry = new HoldfastLockRegistry(client);
    private final HoldfastLockRegistry theirs = new HoldfastLockRegistry(ensemble.client(Duration.ofMinutes(2)));

    @AfterEach
    void close() {
        ensemble.close();
    }

    @Override
    HoldfastLockRegistry registry() {
        return registry;
    }

    @Override
    HoldfastLockRegistry theirs() {
        return theirs;
    }

    @Test
    void whatAnAdministratorTookIsAConcurrentModification() throws Exception {
        HoldfastClient quick = ensemble.client(Duration.ofSeconds(15));
        Lock lock = new HoldfastLockRegistry(quick).obtain(key);
        lock.lock();
        ensemble.breakLock(key);
        assertThrows(ConcurrentModificationException.class, lock::unlock);
        assertTrue(isFree());
    }

    @Test
    void anInterruptedThreadGivesItBackAndStaysInterrupted() throws Exception {
        assertTrue(get(threads.submit(() -> {
            Lock lock = registry.obtain(key);
            lock.lock();
            Thread.currentThread().interrupt();
            lock.unlock();
            return Thread.interrupted();
        })));
        assertTrue(isFree());
        assertTrue(get(threads.submit(() -> {
            Lock lock = registry.obtain(key);
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, lock::lockInterruptibly);
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> lock.tryLock(1, TimeUnit.SECONDS));
            Thread.currentThread().interrupt();
            lock.lock();
            boolean kept = Thread.currentThread().isInterrupted();
            lock.unlock();
            return kept;
        })));
        assertTrue(isFree());
    }

    @Test
    void whatTheClientRefusesIsAFailureToAcquire() throws Exception {
        Lock first = registry.obtain(key);
        HoldfastClient closed = ensemble.client(Duration.ofMinutes(2));
        first.lock();
        Future<CannotAcquireLockException> waits = threads.submit(() -> assertThrows(
                CannotAcquireLockException.class,
                () -> new HoldfastLockRegistry(closed).obtain(key).lock()));
        Waiting.await("it waits", () -> ensemble.tickets(key) == 2);
        closed.close();
        assertInstanceOf(CancellationException.class, get(waits).getCause());
        first.unlock();
        assertTrue(isFree());
    }

    @Test
    void keysAreStringsAndNamesAreTheirsAfterThePrefix() {
        HoldfastLockRegistry orders = new HoldfastLockRegistry(client, "orders/");
        Lock lock = orders.obtain("42 ~ü");
        lock.lock();
        assertTrue(ensemble.isHeld("orders/42~20~7E~C3~BC"));
        lock.unlock();
        assertThrows(IllegalArgumentException.class, () -> orders.obtain(42));
        assertThrows(IllegalArgumentException.class, () -> orders.obtain("a//b"));
        assertThrows(IllegalArgumentException.class, () -> orders.obtain(""));
        assertThrows(IllegalArgumentException.class, () -> new HoldfastLockRegistry(client, "/"));
        assertThrows(IllegalArgumentException.class, () -> orders.obtain("a").lock(Duration.ZERO));
        assertFalse(ensemble.isHeld("orders/a"));
    }

    @Test
    void locksMayBeTakenOnVirtualThreadsWhereTheJdkHasThem() throws Exception {
        ExecutorService virtual = Runtime.version().feature() < 21
                ? threads
                : (ExecutorService) Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null);
        int[] counter = new int[1];
        CountDownLatch all = new CountDownLatch(50);
        for (int i = 0; i < 50; i++) {
            Future<?> unused = virtual.submit(() -> {
                registry.executeLocked(key, () -> counter[0]++);
                all.countDown();
                return null;
            });
        }
        assertTrue(all.await(Waiting.BOUND.toSeconds(), TimeUnit.SECONDS));
        assertTrue(counter[0] == 50);
        virtual.shutdownNow();
    }
}
