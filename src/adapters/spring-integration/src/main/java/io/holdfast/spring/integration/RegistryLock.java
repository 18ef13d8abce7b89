package io.holdfast.spring.integration;

import io.holdfast.client.HoldfastException;
import io.holdfast.client.LeaseLostException;
import java.time.Duration;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.integration.support.locks.DistributedLock;

/**
 * The lock of one key. It has no state of its own, and is equal to each other one of that key: what a thread holds of
 * it is kept with the thread. Any thread.
 */
final class RegistryLock implements DistributedLock {

    /** What a thread holds, by lock. */
    private static final ThreadLocal<@Nullable Map<RegistryLock, Hold>> HOLDS = new ThreadLocal<>();

    private final HoldfastLockRegistry registry;
    private final String key;
    private final io.holdfast.client.DistributedLock lock;

    /** Takes the lock from the ensemble. */
    private interface Taking {
        boolean take() throws InterruptedException;
    }

    RegistryLock(HoldfastLockRegistry registry, String key, io.holdfast.client.DistributedLock lock) {
        this.registry = registry;
        this.key = key;
        this.lock = lock;
    }

    @Override
    public void lock() {
        acquire(null);
    }

    @Override
    public void lock(Duration ttl) {
        acquire(requirePositive(ttl));
    }

    private void acquire(@Nullable Duration cap) {
        if (reenter(cap)) {
            return;
        }
        try {
            lock.lock();
        } catch (HoldfastException | CancellationException e) {
            throw refusal(e);
        }
        took(cap);
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        if (!reenter(null)) {
            take(
                    () -> {
                        lock.lockInterruptibly();
                        return true;
                    },
                    null);
        }
    }

    @Override
    public boolean tryLock() {
        Boolean again = retry(null);
        if (again != null) {
            return again;
        }
        try {
            return lock.tryLock() && took(null);
        } catch (HoldfastException | CancellationException e) {
            throw refusal(e);
        }
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        Boolean again = retry(null);
        return again != null ? again : take(() -> lock.tryLock(time, unit), null);
    }

    @Override
    public boolean tryLock(Duration waitTime, Duration ttl) throws InterruptedException {
        Duration cap = requirePositive(ttl);
        Boolean again = retry(cap);
        return again != null
                ? again
                : take(() -> lock.tryLock(TimeUnit.MILLISECONDS.convert(waitTime), TimeUnit.MILLISECONDS), cap);
    }

    private boolean take(Taking taking, @Nullable Duration cap) throws InterruptedException {
        try {
            return taking.take() && took(cap);
        } catch (HoldfastException | CancellationException e) {
            throw refusal(e);
        }
    }

    private boolean took(@Nullable Duration cap) {
        Map<RegistryLock, Hold> holds = HOLDS.get();
        if (holds == null) {
            holds = new HashMap<>();
            HOLDS.set(holds);
        }
        holds.put(this, new Hold(lock.lease(), cap));
        return true;
    }

    private @Nullable Hold mine() {
        Map<RegistryLock, Hold> holds = HOLDS.get();
        return holds == null ? null : holds.get(this);
    }

    private Hold owned() {
        Hold hold = mine();
        if (hold == null) {
            throw new IllegalMonitorStateException("The current thread doesn't own a lock for: " + key);
        }
        return hold;
    }

    private void forget() {
        Map<RegistryLock, Hold> holds = HOLDS.get();
        if (holds != null) {
            holds.remove(this);
            if (holds.isEmpty()) {
                HOLDS.remove();
            }
        }
    }

    /** Takes again what this thread has; returns false when it has none. */
    private boolean reenter(@Nullable Duration cap) {
        Hold hold = mine();
        if (hold == null) {
            return false;
        }
        if (hold.isLost()) {
            throw new CannotAcquireLockException(
                    "This thread lost its lock for: " + key + ", and must give it back before it takes it anew");
        }
        hold.again(cap);
        return true;
    }

    /**
     * What a try of a thread that has the lock gives; null when it has none. Once its work must end, the first try is
     * false, so that the thread learns of it; the next one is for the lock anew.
     */
    private @Nullable Boolean retry(@Nullable Duration cap) {
        Hold hold = mine();
        if (hold == null) {
            return null;
        }
        if (!hold.mustEnd()) {
            hold.again(cap);
            return true;
        }
        if (hold.tell()) {
            return false;
        }
        forget();
        try {
            lock.unlock();
        } catch (LeaseLostException e) {
            System.getLogger(RegistryLock.class.getName())
                    .log(System.Logger.Level.DEBUG, "a hold that was lost is forgotten", e);
        }
        return null;
    }

    @Override
    public void unlock() {
        Hold hold = owned();
        if (hold.once()) {
            forget();
            try {
                lock.unlock();
            } catch (LeaseLostException e) {
                throw loss(e);
            }
        } else if (hold.isLost()) {
            throw loss(null);
        }
    }

    private ConcurrentModificationException loss(@Nullable LeaseLostException cause) {
        return new ConcurrentModificationException(
                "The lock for: " + key + " was lost before it was released."
                        + " The integrity of data protected by this lock may have been compromised.",
                cause);
    }

    private CannotAcquireLockException refusal(RuntimeException cause) {
        return new CannotAcquireLockException("Failed to lock for: " + key + ": " + cause.getMessage(), cause);
    }

    void renew(@Nullable Duration ttl) {
        Duration cap = ttl == null ? null : requirePositive(ttl);
        if (!owned().renew(cap)) {
            throw new IllegalStateException("Could not renew lock for: " + key + ", since its work must end");
        }
    }

    private static Duration requirePositive(Duration ttl) {
        if (ttl.isNegative() || ttl.isZero()) {
            throw new IllegalArgumentException("a time to live is more than zero, not " + ttl);
        }
        return ttl;
    }

    /** Not supported: a lock of several processes has no conditions. */
    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException("Conditions are not supported");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RegistryLock that && registry == that.registry && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return "lock for: " + key;
    }
}
