package io.holdfast.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/**
 * A client of one ensemble. One per program is enough: it keeps its sessions alive together, and its threads are
 * daemons.
 */
public interface HoldfastClient extends AutoCloseable {

    /** Begins a client; {@link ClientBuilder#endpoints} must be given. */
    static ClientBuilder builder() {
        return new ClientBuilder();
    }

    /** An exclusive lock whose owners are threads. Every call with the same name gives the same lock. */
    DistributedLock lock(String name);

    /** A read-write lock whose owners are threads. */
    DistributedReadWriteLock readWriteLock(String name);

    /** A semaphore; {@code limit} is how many permits it has. */
    DistributedSemaphore semaphore(String name, int limit);

    /** Several locks as one: all or none, with one token; owners are threads. */
    DistributedLock lockSet(LockRequest... locks);

    /**
     * Takes locks for a {@link Lease} that belongs to no thread.
     *
     * @param wait how long the request may wait in the queue; zero tries once, 24 h at most
     * @return the lease; empty when it was not granted in time
     * @throws InterruptedException after the request was withdrawn, or what crossed that was released
     */
    Optional<Lease> tryAcquire(LockRequest what, Duration wait) throws InterruptedException;

    /**
     * The same without a thread that waits. Cancelling it withdraws the request.
     *
     * @return completes with the lease, or with null when it was not granted in time; fails with a
     *     {@link HoldfastException}, or with {@link CancellationException} when the client is closed
     */
    CompletableFuture<Lease> acquireAsync(LockRequest what, Duration wait);

    /**
     * Opens a session of its own.
     *
     * @param name for people; 512 characters at most
     * @throws UnavailableException when no node opened it within 30 s
     */
    Session openSession(String name) throws InterruptedException;

    /** The same with a ttl and a lock-delay of its own. */
    Session openSession(SessionOptions options) throws InterruptedException;

    /** Begins a candidacy for the lock of that name. */
    LeaderElection.Builder election(String name);

    /**
     * Begins to follow what is committed.
     *
     * @param prefix beginning of the names of the locks; empty for all, and for what is about no lock
     */
    EventSubscription.Builder events(String prefix);

    /** What is there, and what an administrator may do about it. */
    Locks locks();

    /** The ensemble: members, leader, backups. */
    Cluster cluster();

    /**
     * Ends all: nothing new is begun, work under leases is told to stop and has 5 s to release them, sessions are
     * ended. May be repeated, never throws, and works on an interrupted thread.
     */
    @Override
    void close();
}
