package io.holdfast.spring.integration;

import static io.holdfast.spring.integration.Waiting.await;
import static io.holdfast.spring.integration.Waiting.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.integration.support.locks.DistributedLock;

/**
 * The rules that the tests of Spring Integration's registries of shared locks have, for registries of two processes.
 */
abstract class LockRegistryContract {

    static final Duration LONG = Duration.ofMinutes(5);

    final String key = UUID.randomUUID().toString();
    final ExecutorService threads = Executors.newCachedThreadPool();

    abstract HoldfastLockRegistry registry();

    abstract HoldfastLockRegistry theirs();

    @AfterEach
    final void endThreads() {
        threads.shutdownNow();
    }

    private DistributedLock lock() {
        return registry().obtain(key);
    }

    final boolean isFree() {
        try {
            return get(threads.submit(() -> {
                Lock lock = theirs().obtain(key);
                boolean taken = lock.tryLock();
                if (taken) {
                    lock.unlock();
                }
                return taken;
            }));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aLockIsTakenAndGivenBackInEachWay() throws Exception {
        DistributedLock lock = lock();
        for (int i = 0; i < 5; i++) {
            lock.lock();
            assertFalse(isFree());
            lock.unlock();
            lock.lockInterruptibly();
            assertFalse(isFree());
            lock.unlock();
            assertTrue(lock.tryLock());
            assertFalse(isFree());
            lock.unlock();
            assertTrue(lock.tryLock(1, TimeUnit.SECONDS));
            assertFalse(isFree());
            lock.unlock();
            lock.lock(LONG);
            assertFalse(isFree());
            lock.unlock();
            assertTrue(lock.tryLock(Duration.ofSeconds(1), LONG));
            assertFalse(isFree());
            lock.unlock();
            assertTrue(isFree());
        }
    }

    @Test
    void aThreadTakesItAgainThroughWhatItObtainsForTheSameKey() throws Exception {
        Lock first = lock();
        first.lock();
        Lock second = lock();
        assertEquals(first, second);
        assertEquals(first.hashCode(), second.hashCode());
        second.lock();
        second.lockInterruptibly();
        assertTrue(second.tryLock());
        assertTrue(second.tryLock(1, TimeUnit.SECONDS));
        for (int i = 0; i < 4; i++) {
            second.unlock();
            assertFalse(isFree());
        }
        first.unlock();
        assertTrue(isFree());
        assertThrows(IllegalMonitorStateException.class, first::unlock);
    }

    @Test
    void locksOfTwoKeysAreIndependent() throws Exception {
        Lock first = lock();
        Lock second = registry().obtain(key + "-2");
        assertNotEquals(first, second);
        first.lockInterruptibly();
        second.lockInterruptibly();
        second.unlock();
        assertFalse(isFree());
        first.unlock();
    }

    @Test
    void aSecondThreadDoesNotGetItAndMayNotGiveItBack() throws Exception {
        Lock lock = lock();
        lock.lockInterruptibly();
        assertFalse(get(threads.submit(() -> lock().tryLock(200, TimeUnit.MILLISECONDS))));
        IllegalMonitorStateException failure =
                get(threads.submit(() -> assertThrows(IllegalMonitorStateException.class, lock::unlock)));
        assertTrue(failure.getMessage().contains("own"), failure.getMessage());
        lock.unlock();
    }

    @Test
    void threadsOfBothProcessesAreInsideOneAfterTheOther() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            HoldfastLockRegistry mine = i % 2 == 0 ? registry() : theirs();
            all.add(threads.submit(() -> {
                for (int turn = 0; turn < 10; turn++) {
                    mine.executeLocked(key, () -> {
                        assertEquals(1, inside.incrementAndGet());
                        inside.decrementAndGet();
                    });
                }
                return null;
            }));
        }
        for (Future<?> one : all) {
            get(one);
        }
    }

    @Test
    void aThreadThatWaitsGetsItAfterAllThatTheHolderDid() throws Exception {
        List<Integer> done = Collections.synchronizedList(new ArrayList<>());
        Lock lock = lock();
        lock.lock();
        CountDownLatch waits = new CountDownLatch(1);
        Future<?> other = threads.submit(() -> {
            Lock same = theirs().obtain(key);
            waits.countDown();
            same.lock();
            done.add(2);
            same.unlock();
        });
        waits.await();
        assertThrows(
                TimeoutException.class, () -> theirs().executeLocked(key, Duration.ofMillis(50), () -> done.add(0)));
        done.add(1);
        lock.unlock();
        get(other);
        assertEquals(List.of(1, 2), done);
    }

    @Test
    void aLockIsRenewedByItsHolderOnly() throws Exception {
        DistributedLock lock = lock();
        assertThrows(IllegalMonitorStateException.class, () -> registry().renewLock(key));
        lock.lock();
        registry().renewLock(key);
        assertThrows(
                IllegalMonitorStateException.class,
                () -> theirs().renewLock(key),
                "the other registry is another process");
        assertTrue(get(threads.submit(() -> assertThrows(
                        IllegalMonitorStateException.class, () -> registry().renewLock(key))
                .getMessage()
                .contains("own"))));
        lock.unlock();
    }

    @Test
    void aRenewalMovesTheCap() throws Exception {
        DistributedLock lock = lock();
        assertTrue(lock.tryLock(Duration.ofSeconds(1), Duration.ofSeconds(30)));
        registry().renewLock(key, Duration.ofSeconds(2));
        registry().renewLock(key);
        await("the cap is over", this::isFree);
        assertThrows(IllegalStateException.class, () -> registry().renewLock(key));
        assertThrows(ConcurrentModificationException.class, lock::unlock);
        lock.lock(Duration.ofSeconds(2));
        registry().renewLock(key, LONG);
        assertFalse(isFree());
        lock.unlock();
    }

    @Test
    void unlockingWhatWasLostAndTakenByAnotherIsAConcurrentModification() throws Exception {
        DistributedLock lock = lock();
        lock.lock(Duration.ofMillis(300));
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch seen = new CountDownLatch(1);
        Future<?> other = threads.submit(() -> {
            theirs().executeLocked(key, () -> {
                taken.countDown();
                seen.await();
            });
            return null;
        });
        taken.await();
        assertThrows(ConcurrentModificationException.class, lock::unlock);
        assertThrows(IllegalMonitorStateException.class, lock::unlock);
        assertFalse(get(threads.submit(() -> lock().tryLock())), "theirs was not released by that");
        seen.countDown();
        get(other);
    }

    @Test
    void aTryOfAHolderThatLostItIsFalseOnceAndThenForTheLockAnew() throws Exception {
        DistributedLock lock = lock();
        lock.lock(Duration.ofMillis(300));
        await("it is lost", this::isFree);
        assertThrows(org.springframework.dao.CannotAcquireLockException.class, lock::lock);
        assertFalse(lock.tryLock());
        assertTrue(lock.tryLock());
        assertFalse(isFree());
        lock.unlock();
        lock.lock(Duration.ofMillis(300));
        await("it is lost", this::isFree);
        assertFalse(lock.tryLock(1, TimeUnit.SECONDS));
        assertThrows(ConcurrentModificationException.class, lock::unlock, "an outer hold is still told of its loss");
        assertTrue(isFree());
    }

    @Test
    void noHeldLockIsEvicted() throws Exception {
        lock().lock();
        for (int i = 0; i < 1000; i++) {
            Lock unused = registry().obtain(key + i);
            assertNotEquals(lock(), unused);
        }
        registry().expireUnusedOlderThan(-10_000);
        assertFalse(isFree());
        registry().renewLock(key);
        lock().unlock();
        assertTrue(isFree());
    }

    @Test
    void thereAreNoConditions() {
        assertThrows(UnsupportedOperationException.class, () -> lock().newCondition());
    }
}
