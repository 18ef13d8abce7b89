package io.holdfast.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;

/**
 * A lock of the ensemble that the threads of this program take as any other {@link Lock}: the owner is the thread,
 * which may take it again and releases it as often as it took it. Locks that one thread holds at once belong to one
 * session, so that cycles of threads that wait for each other are found.
 *
 * <p>To a thread the same name in another kind of lock (a set, a read-write lock) is another lock: a thread that takes
 * both waits for itself.
 *
 * <p>A hold can be lost: {@link #tryLock()} of a holder that lost it is false and forgets the hold, {@link #lock()}
 * then throws {@link LeaseLostException}, and so does {@link #unlock()} after it gave up the hold.
 *
 * <p>{@link #lock()} waits until it is granted, and throws {@link UnavailableException} when no node could be asked for
 * 30 s. All errors are {@link HoldfastException}s.
 */
public interface DistributedLock extends Lock {

    /**
     * Runs a body under the lock. The body's thread is interrupted once when the lease cannot be kept, and never after
     * the body returned.
     *
     * @throws LeaseLostException when the body returned normally although the lease was lost; when the body threw, it
     *     is suppressed in that
     */
    <T, X extends Exception> T withLock(Body<T, X> body) throws X, InterruptedException;

    /** The same; empty, without running the body, when the lock is not granted within {@code wait}. */
    <T, X extends Exception> Optional<T> tryWithLock(Duration wait, Body<T, X> body) throws X, InterruptedException;

    /**
     * The same for work that is not done by one thread: a lease of its own, released when the stage completes. When the
     * lease cannot be kept the stage is cancelled, if it is a {@link CompletableFuture}.
     *
     * @param body called on a thread of the client's executor
     */
    <T> CompletableFuture<T> withLockAsync(Function<Lease, ? extends CompletionStage<T>> body);

    /**
     * The same; empty, without calling the body, when the lock is not granted within {@code wait}. What a body gave as
     * null is empty too.
     *
     * @param wait how long the request may wait in the queue; zero tries once, 24 h at most
     */
    <T> CompletableFuture<Optional<T>> tryWithLockAsync(
            Duration wait, Function<Lease, ? extends CompletionStage<T>> body);

    /**
     * Fencing token of this thread's hold.
     *
     * @throws IllegalMonitorStateException when this thread does not hold it
     */
    long token();

    /** This thread's hold; errors as in {@link #token()}. It is released by {@link #unlock()}. */
    Lease lease();

    @Override
    boolean tryLock(long time, TimeUnit unit) throws InterruptedException;

    /** Not supported. */
    @Override
    Condition newCondition();
}
