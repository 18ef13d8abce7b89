package io.holdfast.shedlock;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import net.javacrumbs.shedlock.core.SimpleLock;

/**
 * A lock of one configuration: an extension gives another one for the same {@link Holding}. Any thread.
 *
 * <p>One whose extension failed can still be unlocked, so that the executor's unlock does not hide why.
 */
final class HeldLock implements SimpleLock {

    private final Holding holding;
    private final Duration atLeast;
    private final long beganNanos = System.nanoTime();
    private final ReentrantLock changing = new ReentrantLock();
    private boolean valid = true;

    HeldLock(Holding holding, Duration atLeast) {
        this.holding = holding;
        this.atLeast = atLeast;
    }

    @Override
    public void unlock() {
        changing.lock();
        try {
            requireValid();
            valid = false;
        } finally {
            changing.unlock();
        }
        Duration left = atLeast.minusNanos(System.nanoTime() - beganNanos);
        holding.release(left.isNegative() ? Duration.ZERO : left);
    }

    @Override
    public Optional<SimpleLock> extend(Duration lockAtMostFor, Duration lockAtLeastFor) {
        HoldfastLockProvider.requireKept(holding.configuration(lockAtMostFor, lockAtLeastFor));
        changing.lock();
        try {
            requireValid();
            if (!holding.endAfter(lockAtMostFor)) {
                return Optional.empty();
            }
            valid = false;
            return Optional.of(new HeldLock(holding, lockAtLeastFor));
        } finally {
            changing.unlock();
        }
    }

    private void requireValid() {
        if (!valid) {
            throw new IllegalStateException("the lock was unlocked or extended before");
        }
    }
}
