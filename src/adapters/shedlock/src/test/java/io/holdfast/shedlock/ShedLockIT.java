package io.holdfast.shedlock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.client.HoldfastClient;
import io.holdfast.ensemble.Blueprint;
import io.holdfast.ensemble.Ensemble;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.javacrumbs.shedlock.core.DefaultLockingTaskExecutor;
import net.javacrumbs.shedlock.core.SimpleLock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What ShedLock asks of a provider that can extend locks, the fifteen cases of its test support, with a real node. */
@Timeout(300)
class ShedLockIT extends ProviderUse {

    private static final Path SERVER_JAR = Path.of("../../server/target/holdfast-server.jar");

    @TempDir
    private static Path directory;

    private static Ensemble ensemble;
    private static HoldfastClient client;
    private static HoldfastLockProvider provider;

    @BeforeAll
    static void start() throws Exception {
        assertTrue(Files.isRegularFile(SERVER_JAR), "these tests run after mvn package, as mvn verify does");
        ensemble = new Ensemble(
                Blueprint.of(SERVER_JAR.toAbsolutePath(), directory, 1).startedOften());
        ensemble.start();
        client = client();
        provider = new HoldfastLockProvider(client);
    }

    @AfterAll
    static void stop() {
        if (client != null) {
            client.close();
        }
        ensemble.close();
    }

    private static HoldfastClient client() {
        return HoldfastClient.builder()
                .endpoints(ensemble.uri(1).toString())
                .ttl(Duration.ofSeconds(60))
                .build();
    }

    @Override
    HoldfastLockProvider provider() {
        return provider;
    }

    @Override
    boolean isLocked(String name) throws Exception {
        return !client.locks().get(name).holders().isEmpty();
    }

    @Test
    void lockAtLeastForOutlivesTheClient() throws Exception {
        try (HoldfastClient mine = client()) {
            new HoldfastLockProvider(mine)
                    .lock(configuration(job, LONG, Duration.ofMinutes(2)))
                    .orElseThrow()
                    .unlock();
        }
        assertFalse(isLocked(job));
        assertTrue(tryLock(LONG, Duration.ZERO).isEmpty());
    }

    @Test
    void aLockIsTakenAndGivenBack() throws Exception {
        unlock(lock(LONG));
    }

    @Test
    void aSecondIsNotGiven() throws Exception {
        SimpleLock lock = lock(LONG);
        assertTrue(tryLock(LONG, Duration.ZERO).isEmpty());
        unlock(lock);
    }

    @Test
    void twoLocksAreIndependent() throws Exception {
        SimpleLock lock = lock(LONG);
        provider()
                .lock(configuration(job + "-2", LONG, Duration.ZERO))
                .orElseThrow()
                .unlock();
        unlock(lock);
    }

    @Test
    void itIsTakenTwiceInARow() throws Exception {
        unlock(lock(LONG));
        unlock(lock(LONG));
    }

    @Test
    void itIsOverAtItsEnd() throws Exception {
        elsewhere(() -> tryLock(Duration.ofSeconds(1), Duration.ZERO).orElseThrow());
        unlock(awaitLock());
    }

    @Test
    void itIsThereRightAfterTheUnlock() throws Exception {
        for (int i = 0; i < 10; i++) {
            SimpleLock lock = lock(LONG);
            assertTrue(tryLock(LONG, Duration.ZERO).isEmpty());
            unlock(lock);
        }
    }

    @Test
    void jobsOfManyThreadsRunOneAfterTheOther() throws Exception {
        int[] counters = new int[2];
        DefaultLockingTaskExecutor executor = new DefaultLockingTaskExecutor(provider());
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int which = i % 2;
            all.add(threads.submit(() -> {
                for (int[] done = new int[1]; done[0] < 10; ) {
                    executor.executeWithLock(
                            (Runnable) () -> {
                                int before = counters[which];
                                Thread.yield();
                                counters[which] = before + 1;
                                done[0]++;
                            },
                            configuration(job + which, LONG, Duration.ofMillis(2)));
                }
            }));
        }
        for (Future<?> one : all) {
            one.get(BOUND.toSeconds(), TimeUnit.SECONDS);
        }
        threads.shutdownNow();
        assertEquals(40, counters[0]);
        assertEquals(40, counters[1]);
    }

    @Test
    void itStaysLockedForLockAtLeastFor() throws Exception {
        long before = System.nanoTime();
        tryLock(LONG, Duration.ofSeconds(2)).orElseThrow().unlock();
        Optional<SimpleLock> early = tryLock(LONG, Duration.ZERO);
        assertTrue(early.isEmpty() || System.nanoTime() - before >= TimeUnit.SECONDS.toNanos(2));
        SimpleLock next = early.isPresent() ? early.get() : awaitLock();
        assertTrue(System.nanoTime() - before >= TimeUnit.SECONDS.toNanos(2));
        unlock(next);
    }

    private static SimpleLock extend(SimpleLock lock, Duration atLeast) {
        return lock.extend(LONG, atLeast).orElseThrow();
    }

    private void outlivesTheFirstEnd(SimpleLock lock, Duration firstEnd) throws Exception {
        pass(firstEnd);
        assertTrue(isLocked(job));
        unlock(lock);
    }

    @Test
    void itCanBeExtended() throws Exception {
        SimpleLock lock = lock(Duration.ofSeconds(5));
        outlivesTheFirstEnd(extend(lock, Duration.ZERO), Duration.ofMillis(100));
    }

    @Test
    void itCanBeExtendedSeveralTimes() throws Exception {
        SimpleLock lock = lock(Duration.ofSeconds(3));
        for (int i = 0; i < 3; i++) {
            lock = extend(lock, Duration.ZERO);
        }
        outlivesTheFirstEnd(lock, Duration.ofSeconds(3));
    }

    @Test
    void whatWasUnlockedCannotBeExtended() throws Exception {
        SimpleLock lock = lock(LONG);
        unlock(lock);
        assertThrows(IllegalStateException.class, () -> lock.extend(LONG, Duration.ZERO));
        assertThrows(IllegalStateException.class, lock::unlock);
        assertFalse(isLocked(job));
    }

    @Test
    void whatIsOverCannotBeExtended() throws Exception {
        SimpleLock lock =
                elsewhere(() -> tryLock(Duration.ofMillis(2), Duration.ZERO).orElseThrow());
        pass(Duration.ofMillis(4));
        assertTrue(lock.extend(LONG, Duration.ZERO).isEmpty());
        await("it is free", () -> !locked());
    }

    @Test
    void anExtensionHasALockAtLeastForOfItsOwn() throws Exception {
        SimpleLock lock = lock(LONG);
        extend(lock, Duration.ofMinutes(2)).unlock();
        assertTrue(tryLock(LONG, Duration.ZERO).isEmpty());
    }

    @Test
    void itCannotBeExtendedTwice() throws Exception {
        SimpleLock lock = lock(LONG);
        SimpleLock next = extend(lock, Duration.ZERO);
        assertThrows(IllegalStateException.class, () -> lock.extend(LONG, Duration.ZERO));
        unlock(next);
    }

    @Test
    void itCannotBeUnlockedAfterAnExtension() throws Exception {
        SimpleLock lock = lock(LONG);
        SimpleLock next = extend(lock, Duration.ZERO);
        assertThrows(IllegalStateException.class, lock::unlock);
        assertTrue(isLocked(job));
        unlock(next);
    }
}
