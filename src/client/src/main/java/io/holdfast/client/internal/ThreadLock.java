package io.holdfast.client.internal;

import io.holdfast.api.Mode;
import io.holdfast.client.Body;
import io.holdfast.client.DistributedLock;
import io.holdfast.client.Lease;
import io.holdfast.client.LeaseLostException;
import io.holdfast.client.LockRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A lock that threads own. The two locks of a read-write lock are two of these on the same hold: of what a thread has
 * of both there is one lease.
 */
final class ThreadLock implements DistributedLock {

    private static final long MILLIS_MAX = Acquisition.WAIT_MILLIS_MAX;

    private final CoreClient client;
    private final ThreadHolds threads;

    /** What identifies the hold, and what is asked for by a thread that has none. */
    private final LockRequest key;

    private final LockRequest wanted;
    private final boolean reads;

    ThreadLock(CoreClient client, ThreadHolds threads, LockRequest key, LockRequest wanted, boolean reads) {
        this.client = client;
        this.threads = threads;
        this.key = key;
        this.wanted = wanted;
        this.reads = reads;
    }

    @Override
    public void lock() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    acquire(Acquisition.FOREVER, false);
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        acquire(Acquisition.FOREVER, true);
    }

    @Override
    public boolean tryLock() {
        ThreadHolds.OfThread mine = threads.mine();
        try {
            Optional<Boolean> again = reenter(mine, true);
            if (again.isPresent()) {
                return again.get();
            }
            return take(mine, Blocking.get(client.begin(mine.owner(), wanted, 0).result()));
        } finally {
            mine.tidy();
        }
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return tryLock(Math.max(0, Math.min(MILLIS_MAX, unit.toMillis(time))));
    }

    private boolean tryLock(long millis) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        ThreadHolds.OfThread mine = threads.mine();
        try {
            Optional<Boolean> again = reenter(mine, true);
            return again.isPresent() ? again.get() : acquire(mine, millis, true);
        } finally {
            mine.tidy();
        }
    }

    private void acquire(long millis, boolean interruptible) throws InterruptedException {
        if (interruptible && Thread.interrupted()) {
            throw new InterruptedException();
        }
        ThreadHolds.OfThread mine = threads.mine();
        try {
            if (reenter(mine, false).isEmpty()) {
                acquire(mine, millis, interruptible);
            }
        } finally {
            mine.tidy();
        }
    }

    private boolean acquire(ThreadHolds.OfThread mine, long millis, boolean interruptible) throws InterruptedException {
        mine.waits();
        try {
            PendingLease pending = client.begin(mine.owner(), wanted, millis);
            if (!interruptible) {
                return take(mine, Blocking.get(pending.result()));
            }
            try {
                return take(mine, Blocking.interruptibly(pending.result()));
            } catch (InterruptedException e) {
                pending.withdraw();
                throw e;
            }
        } finally {
            mine.waited();
        }
    }

    private boolean take(ThreadHolds.OfThread mine, Optional<LeaseHandle> lease) {
        lease.ifPresent(granted -> {
            ThreadHolds.Hold hold = new ThreadHolds.Hold(granted);
            count(hold, 1);
            mine.put(key, hold);
        });
        return lease.isPresent();
    }

    private void count(ThreadHolds.Hold hold, int more) {
        if (reads) {
            hold.reads += more;
        } else {
            hold.writes += more;
        }
    }

    /** Takes again what this thread has; nothing when it has none. */
    private Optional<Boolean> reenter(ThreadHolds.OfThread mine, boolean tries) {
        ThreadHolds.Hold hold = mine.get(key);
        if (hold == null) {
            return Optional.empty();
        }
        if (hold.lease.isOver()) {
            if (!tries) {
                throw hold.lease.lostException();
            }
            mine.remove(key);
            Blocking.quietly(client.release(hold.lease));
            return Optional.of(false);
        }
        if (!reads && hold.writes == 0 && !upgraded(hold, tries)) {
            return Optional.of(false);
        }
        count(hold, 1);
        return Optional.of(true);
    }

    private static boolean upgraded(ThreadHolds.Hold hold, boolean tries) {
        if (hold.lease.mode() == Mode.EXCLUSIVE) {
            return true;
        }
        if (!tries) {
            throw new IllegalMonitorStateException(
                    "this thread has the read lock; release it first, or try: two such readers would wait for ever");
        }
        return hold.lease.upgrade();
    }

    @Override
    public void unlock() {
        ThreadHolds.OfThread mine = threads.mine();
        try {
            ThreadHolds.Hold hold = held(mine);
            boolean over = hold.lease.isOver();
            count(hold, -1);
            if (!hold.isHeld()) {
                mine.remove(key);
                if (!Blocking.get(client.release(hold.lease))) {
                    throw hold.lease.lostException();
                }
            } else if (over) {
                throw hold.lease.lostException();
            } else if (!reads && hold.writes == 0) {
                hold.lease.downgrade();
            }
        } finally {
            mine.tidy();
        }
    }

    private ThreadHolds.Hold held(ThreadHolds.OfThread mine) {
        ThreadHolds.Hold hold = mine.get(key);
        if (hold == null || (reads ? hold.reads : hold.writes) == 0) {
            throw new IllegalMonitorStateException("this thread does not hold " + wanted.names());
        }
        return hold;
    }

    @Override
    public long token() {
        return lease().token();
    }

    @Override
    public Lease lease() {
        ThreadHolds.OfThread mine = threads.mine();
        try {
            return held(mine).lease;
        } finally {
            mine.tidy();
        }
    }

    @Override
    public <T, X extends Exception> T withLock(Body<T, X> body) throws X, InterruptedException {
        lockInterruptibly();
        return runHeld(body);
    }

    @Override
    public <T, X extends Exception> Optional<T> tryWithLock(Duration wait, Body<T, X> body)
            throws X, InterruptedException {
        return tryLock(CoreClient.waitMillis(wait)) ? Optional.ofNullable(runHeld(body)) : Optional.empty();
    }

    private <T, X extends Exception> T runHeld(Body<T, X> body) throws X {
        ThreadHolds.Hold hold = held(threads.mine());
        boolean outermost = !hold.bodyRuns;
        Throwable failure = null;
        try {
            hold.bodyRuns = true;
            return outermost ? BodyRun.run(hold.lease, body) : body.run(hold.lease);
        } catch (Throwable e) {
            failure = e;
            throw e;
        } finally {
            hold.bodyRuns = !outermost;
            unlockAfter(failure);
        }
    }

    /** Releases it; says that the lease was lost beside what the body threw, or by itself when the body returned. */
    private void unlockAfter(@Nullable Throwable failure) {
        try {
            unlock();
        } catch (LeaseLostException loss) {
            if (failure == null) {
                throw loss;
            }
            failure.addSuppressed(loss);
        }
    }

    @Override
    public <T> CompletableFuture<T> withLockAsync(Function<Lease, ? extends CompletionStage<T>> body) {
        return AsyncBody.run(client, wanted, body);
    }

    @Override
    public <T> CompletableFuture<Optional<T>> tryWithLockAsync(
            Duration wait, Function<Lease, ? extends CompletionStage<T>> body) {
        return AsyncBody.tryRun(client, wanted, wait, body);
    }

    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException("a lock of several programs has no conditions");
    }

    @Override
    public String toString() {
        return wanted.claims().toString();
    }
}
