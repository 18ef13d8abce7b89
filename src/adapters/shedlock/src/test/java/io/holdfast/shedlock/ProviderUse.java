package io.holdfast.shedlock;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import net.javacrumbs.shedlock.core.ClockProvider;
import net.javacrumbs.shedlock.core.ExtensibleLockProvider;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.SimpleLock;

/** What tests of a provider do with it. */
abstract class ProviderUse {

    static final Duration BOUND = Duration.ofSeconds(60);
    static final Duration LONG = Duration.ofMinutes(5);

    final String job = UUID.randomUUID().toString();

    abstract ExtensibleLockProvider provider();

    abstract boolean isLocked(String name) throws Exception;

    static LockConfiguration configuration(String name, Duration atMost, Duration atLeast) {
        return new LockConfiguration(ClockProvider.now(), name, atMost, atLeast);
    }

    final Optional<SimpleLock> tryLock(Duration atMost, Duration atLeast) {
        return provider().lock(configuration(job, atMost, atLeast));
    }

    final SimpleLock lock(Duration atMost) throws Exception {
        SimpleLock lock = tryLock(atMost, Duration.ZERO).orElseThrow();
        assertTrue(isLocked(job));
        return lock;
    }

    final SimpleLock awaitLock() {
        List<SimpleLock> taken = new ArrayList<>();
        await("it is free", () -> {
            tryLock(LONG, Duration.ZERO).ifPresent(taken::add);
            return !taken.isEmpty();
        });
        return taken.get(0);
    }

    final void unlock(SimpleLock lock) throws Exception {
        lock.unlock();
        assertFalse(isLocked(job));
    }

    /** Does something on a thread of its own, which is the one that an interrupt of the lock is for. */
    final <T> T elsewhere(Callable<T> action) throws Exception {
        FutureTask<T> task = new FutureTask<>(action);
        new Thread(task, "elsewhere").start();
        return task.get(BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    static void await(String what, BooleanSupplier condition) {
        try {
            Eventually.await(what, BOUND, condition);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    final boolean locked() {
        try {
            return isLocked(job);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
