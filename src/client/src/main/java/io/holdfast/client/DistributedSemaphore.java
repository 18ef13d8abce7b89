package io.holdfast.client;

import java.time.Duration;
import java.util.Optional;

/** Permits of a semaphore of the ensemble; each {@link Lease} has some and gives them back together. */
public interface DistributedSemaphore {

    /** Waits for so many permits, as {@link DistributedLock#lock()} waits. */
    Lease acquire(int permits) throws InterruptedException;

    /** Waits so long at most; empty when they were not granted. Zero tries once. */
    Optional<Lease> tryAcquire(int permits, Duration wait) throws InterruptedException;

    /** How many permits are free at this moment, by a linearizable read: another client may take them at once. */
    int availablePermits() throws InterruptedException;
}
