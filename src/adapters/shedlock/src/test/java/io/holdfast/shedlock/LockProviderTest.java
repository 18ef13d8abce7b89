package io.holdfast.shedlock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.Lease;
import io.holdfast.client.LockRequest;
import io.holdfast.client.UnavailableException;
import io.holdfast.client.internal.ModelEnsemble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import net.javacrumbs.shedlock.core.DefaultLockingTaskExecutor;
import net.javacrumbs.shedlock.core.LockExtender;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.support.KeepAliveLockProvider;
import net.javacrumbs.shedlock.support.LockException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The provider against a model of the server, with the task executor and the keep-alive of ShedLock on top. */
@Timeout(300)
class LockProviderTest extends ProviderUse {

    private final ModelEnsemble ensemble = new ModelEnsemble();
    private final HoldfastClient client = ensemble.client(Duration.ofMinutes(2));
    private final HoldfastClient other = ensemble.client(Duration.ofMinutes(2));
    private final HoldfastLockProvider provider = new HoldfastLockProvider(client);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        threads.shutdownNow();
        ensemble.close();
    }

    @Override
    HoldfastLockProvider provider() {
        return provider;
    }

    @Override
    boolean isLocked(String name) {
        return ensemble.isHeld(name);
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    private static Duration quick() {
        return Duration.ofSeconds(3);
    }

    @Test
    void aJobWhoseLeaseCannotBeKeptIsInterruptedBeforeAnotherRunsHoweverLongItCouldTake() throws Exception {
        HoldfastClient quick = ensemble.client(quick());
        HoldfastLockProvider mine = new HoldfastLockProvider(quick);
        CountDownLatch runs = new CountDownLatch(1);
        CompletableFuture<Boolean> heldWhenInterrupted = new CompletableFuture<>();
        Future<?> ended = threads.submit(() -> {
            SimpleLock lock = mine.lock(configuration(job, Duration.ofDays(30), Duration.ofHours(1)))
                    .orElseThrow();
            runs.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                heldWhenInterrupted.complete(ensemble.isHeld(job));
            } finally {
                lock.unlock();
            }
        });
        runs.await();
        ensemble.cut(quick);
        SimpleLock next = awaitLock();
        assertTrue(heldWhenInterrupted.isDone(), "the job stopped before the next one began");
        assertTrue(heldWhenInterrupted.join());
        next.unlock();
        ensemble.heal(quick);
        get(ended);
    }

    @Test
    void aJobThatTakesTooLongIsInterruptedAndItsLockIsReleased() throws Exception {
        Future<Duration> left = threads.submit(() -> {
            SimpleLock lock = provider.lock(configuration(job, Duration.ofSeconds(1), Duration.ZERO))
                    .orElseThrow();
            Lease lease = HoldfastLockProvider.currentLease().orElseThrow();
            try {
                new CountDownLatch(1).await();
                return null;
            } catch (InterruptedException e) {
                Duration present = lease.remaining();
                await("it is free", () -> !locked());
                assertTrue(lease.remaining().isZero());
                return present;
            } finally {
                lock.unlock();
                assertFalse(Thread.currentThread().isInterrupted());
            }
        });
        assertTrue(get(left).compareTo(Duration.ofMillis(200)) <= 0);
        awaitLock().unlock();
    }

    @Test
    void theInterruptEndsWithTheUnlockAndAnotherOnesStays() throws Exception {
        assertFalse(get(threads.submit(() -> {
            SimpleLock lock = provider.lock(configuration(job, Duration.ofMillis(50), Duration.ZERO))
                    .orElseThrow();
            await("it is interrupted", Thread.currentThread()::isInterrupted);
            lock.unlock();
            return Thread.currentThread().isInterrupted();
        })));
        assertTrue(get(threads.submit(() -> {
            SimpleLock lock = lock(LONG);
            Thread.currentThread().interrupt();
            lock.unlock();
            boolean kept = Thread.interrupted();
            return kept && !locked();
        })));
        assertTrue(get(threads.submit(() -> {
            HoldfastLockProvider gentle =
                    HoldfastLockProvider.builder(client).interrupts(false).build();
            SimpleLock lock = gentle.lock(configuration(job, Duration.ofMillis(50), Duration.ZERO))
                    .orElseThrow();
            Lease lease = HoldfastLockProvider.currentLease().orElseThrow();
            await("it is over", () -> lease.remaining().isZero());
            boolean calm = !Thread.interrupted();
            lock.unlock();
            return calm;
        })));
    }

    @Test
    void thatNoNodeAnswersIsNotToldAsIfAnotherJobHeldTheLock() {
        ensemble.refuse(client);
        LockException failure = assertThrows(LockException.class, () -> tryLock(LONG, Duration.ZERO));
        assertInstanceOf(UnavailableException.class, failure.getCause());
        ensemble.heal(client);
        tryLock(LONG, Duration.ZERO).orElseThrow().unlock();
    }

    @Test
    void anInterruptedThreadTakesNothing() {
        Thread.currentThread().interrupt();
        assertThrows(LockException.class, () -> tryLock(LONG, Duration.ZERO));
        assertTrue(Thread.interrupted());
        assertFalse(locked());
    }

    @Test
    void whatTheExecutorRunsIsSkippedWhereItRunsAlready() throws Throwable {
        DefaultLockingTaskExecutor executor = new DefaultLockingTaskExecutor(provider);
        DefaultLockingTaskExecutor theirs = new DefaultLockingTaskExecutor(new HoldfastLockProvider(other));
        long token = executor.executeWithLock(
                        () -> {
                            assertFalse(runs(theirs), "it runs already");
                            return HoldfastLockProvider.currentLease()
                                    .orElseThrow()
                                    .token();
                        },
                        configuration(job, LONG, Duration.ZERO))
                .getResult();
        assertTrue(token > 0);
        assertTrue(runs(theirs));
    }

    private boolean runs(DefaultLockingTaskExecutor executor) throws Exception {
        List<String> done = Collections.synchronizedList(new ArrayList<>());
        return elsewhere(() -> {
            executor.executeWithLock((Runnable) () -> done.add(job), configuration(job, LONG, Duration.ZERO));
            return !done.isEmpty();
        });
    }

    @Test
    void theExecutorsUnlockDoesNotHideWhyALockCouldNotBeExtended() {
        DefaultLockingTaskExecutor executor = new DefaultLockingTaskExecutor(provider);
        Runnable extendsTooLate = () -> {
            Lease lease = HoldfastLockProvider.currentLease().orElseThrow();
            LockExtender.extendActiveLock(Duration.ofMillis(300), Duration.ZERO);
            await("it is over", () -> lease.remaining().isZero());
            LockExtender.extendActiveLock(LONG, Duration.ZERO);
        };
        assertThrows(
                LockExtender.LockCanNotBeExtendedException.class,
                () -> executor.executeWithLock(extendsTooLate, configuration(job, LONG, Duration.ZERO)));
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    void theKeepAliveMovesTheEndAndKeepsLockAtLeastFor() {
        List<Runnable> extensions = new ArrayList<>();
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1) {
            @Override
            public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long delay, long period, TimeUnit unit) {
                extensions.add(task);
                return schedule(() -> {}, 0, TimeUnit.SECONDS);
            }
        };
        SimpleLock lock = new KeepAliveLockProvider(provider, timer)
                .lock(configuration(job, Duration.ofMinutes(1), Duration.ofMinutes(1)))
                .orElseThrow();
        Lease lease = HoldfastLockProvider.currentLease().orElseThrow();
        Duration first = lease.remaining();
        pass(Duration.ofMillis(50));
        Duration second = lease.remaining();
        extensions.get(0).run();
        assertTrue(second.compareTo(first) < 0 && lease.remaining().compareTo(second) > 0);
        lock.unlock();
        assertTrue(lease.remaining().isZero());
        assertTrue(tryLock(LONG, Duration.ZERO).isEmpty(), "half a minute of lockAtLeastFor is left");
        timer.shutdownNow();
    }

    @Test
    void namesAreThoseOfTheJobsAfterThePrefix() throws Exception {
        HoldfastLockProvider jobs =
                HoldfastLockProvider.builder(client).prefix("jobs/").build();
        SimpleLock lock =
                jobs.lock(configuration("Täglich ~1 a/b", LONG, Duration.ZERO)).orElseThrow();
        assertTrue(ensemble.isHeld("jobs/T~C3~A4glich~20~7E1~20a/b"));
        lock.unlock();
        assertThrows(IllegalArgumentException.class, () -> jobs.lock(configuration("a//b", LONG, Duration.ZERO)));
        assertThrows(
                IllegalArgumentException.class,
                () -> HoldfastLockProvider.builder(client).prefix("jobs//"));
        assertThrows(IllegalArgumentException.class, () -> tryLock(Duration.ofDays(3), Duration.ofDays(2)));
        SimpleLock same = other.tryAcquire(LockRequest.exclusive(job), Duration.ZERO)
                .map(lease -> (SimpleLock) lease::close)
                .orElseThrow();
        assertTrue(tryLock(LONG, Duration.ZERO).isEmpty(), "without a prefix it is the lock of that name");
        same.unlock();
    }

    @Test
    void whatAnExtensionCannotKeepIsRefusedAndTheLockGoesOn() {
        SimpleLock lock = tryLock(LONG, Duration.ZERO).orElseThrow();
        assertThrows(IllegalArgumentException.class, () -> lock.extend(Duration.ofSeconds(1), Duration.ofSeconds(2)));
        assertThrows(IllegalArgumentException.class, () -> lock.extend(Duration.ofDays(3), Duration.ofDays(2)));
        lock.extend(LONG, Duration.ZERO).orElseThrow().unlock();
    }

    @Test
    void theLeaseOfTheInnermostLockIsTheCurrentOne() throws Exception {
        elsewhere(() -> {
            SimpleLock outer = tryLock(LONG, Duration.ZERO).orElseThrow();
            SimpleLock inner =
                    provider.lock(configuration("inner", LONG, Duration.ZERO)).orElseThrow();
            assertEquals(
                    List.of("inner"),
                    HoldfastLockProvider.currentLease().orElseThrow().locks());
            outer.unlock();
            assertEquals(
                    List.of("inner"),
                    HoldfastLockProvider.currentLease().orElseThrow().locks());
            inner.unlock();
            assertEquals(Optional.empty(), HoldfastLockProvider.currentLease());
            return null;
        });
    }

    @Test
    void jobsMayRunOnVirtualThreadsWhereTheJdkHasThem() throws Exception {
        ExecutorService virtual = Runtime.version().feature() < 21
                ? threads
                : (ExecutorService) Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null);
        List<Future<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String name = job + i;
            all.add(virtual.submit(() -> {
                SimpleLock lock = provider.lock(configuration(name, Duration.ofMillis(20), Duration.ZERO))
                        .orElseThrow();
                try {
                    new CountDownLatch(1).await();
                    return false;
                } catch (InterruptedException e) {
                    return true;
                } finally {
                    lock.unlock();
                }
            }));
        }
        for (Future<Boolean> one : all) {
            assertTrue(get(one));
        }
        virtual.shutdownNow();
    }
}
