package io.holdfast.client.internal;

import io.holdfast.api.LockBody;
import io.holdfast.api.Mode;
import io.holdfast.client.Cluster;
import io.holdfast.client.DistributedLock;
import io.holdfast.client.DistributedReadWriteLock;
import io.holdfast.client.DistributedSemaphore;
import io.holdfast.client.EventSubscription;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.LeaderElection;
import io.holdfast.client.Lease;
import io.holdfast.client.LockRequest;
import io.holdfast.client.Locks;
import io.holdfast.client.Session;
import io.holdfast.client.SessionOptions;
import io.holdfast.client.spi.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** The client: puts its parts together and ends them together. Any thread. */
final class CoreClient implements HoldfastClient {

    private static final long CLOSE_MILLIS = 5_000;

    /** What the end of the sessions has at least. */
    private static final long CLEANUP_MILLIS = 1_000;

    private final ClientServices services;
    private final Transport transport;
    private final Runnable closesThreads;
    private final ThreadHolds threads;

    /** Requests that wait, and leases; on the loop. */
    private final Set<PendingLease> pending = new LinkedHashSet<>();

    private final Set<LeaseHandle> leases = new LinkedHashSet<>();
    private final Set<Election> elections = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Puts one together.
     *
     * @param closesThreads ends the threads that were made for it
     */
    CoreClient(ClientOptions options, Loop loop, Transport transport, Executor executor, Runnable closesThreads) {
        this(options, loop, transport, executor, new Conduct(options, Runtime.getRuntime()::halt), closesThreads);
    }

    /** The same with what is done at an overrun: for tests. */
    CoreClient(
            ClientOptions options,
            Loop loop,
            Transport transport,
            Executor executor,
            Conduct conduct,
            Runnable closesThreads) {
        this.transport = transport;
        this.closesThreads = closesThreads;
        Nodes nodes = new Nodes(options.endpoints(), loop.random());
        Caller caller = new Caller(loop, transport, nodes, options, conduct);
        SessionPool pool = new SessionPool(loop, caller, nodes, options, conduct);
        this.services = new ClientServices(loop, caller, pool, executor, conduct);
        this.threads = new ThreadHolds(services);
    }

    ClientServices services() {
        return services;
    }

    SessionPool pool() {
        return services.pool();
    }

    /** Tells the program something on its executor; at once when that takes nothing, so that nothing is left behind. */
    void deliver(Runnable task) {
        try {
            services.executor().execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    @Override
    public DistributedLock lock(String name) {
        LockRequest what = LockRequest.exclusive(name);
        return new ThreadLock(this, threads, what, what, false);
    }

    @Override
    public DistributedLock lockSet(LockRequest... locks) {
        LockRequest what = LockRequest.all(locks);
        return new ThreadLock(this, threads, what, what, false);
    }

    @Override
    public DistributedReadWriteLock readWriteLock(String name) {
        // The shared form, which lock(name) never has, is the key that both locks use.
        LockRequest key = LockRequest.shared(name);
        ThreadLock read = new ThreadLock(this, threads, key, LockRequest.shared(name), true);
        ThreadLock write = new ThreadLock(this, threads, key, LockRequest.exclusive(name), false);
        return new DistributedReadWriteLock() {
            @Override
            public DistributedLock readLock() {
                return read;
            }

            @Override
            public DistributedLock writeLock() {
                return write;
            }
        };
    }

    @Override
    public DistributedSemaphore semaphore(String name, int limit) {
        LockRequest.semaphore(name, 1, limit);
        return new DistributedSemaphore() {
            @Override
            public Lease acquire(int permits) throws InterruptedException {
                return await(begin(owner(), LockRequest.semaphore(name, permits, limit), Acquisition.FOREVER))
                        .orElseThrow();
            }

            @Override
            public Optional<Lease> tryAcquire(int permits, Duration wait) throws InterruptedException {
                return CoreClient.this.tryAcquire(LockRequest.semaphore(name, permits, limit), wait);
            }

            @Override
            public int availablePermits() throws InterruptedException {
                return free(locks().get(name), limit);
            }
        };
    }

    /** Permits that are free, of the limit that is in force while the semaphore is in use. */
    private static int free(LockBody lock, int limit) {
        if (lock.holders().isEmpty() && lock.waiting() == 0) {
            return limit;
        }
        boolean semaphore = Mode.SEMAPHORE.text().equals(lock.mode());
        return semaphore ? Math.max(0, lock.limit() - lock.used()) : 0;
    }

    @Override
    public LeaderElection.Builder election(String name) {
        return new Election.Builder(this, name);
    }

    @Override
    public EventSubscription.Builder events(String prefix) {
        requireOpen();
        return new EventFeed.Builder(services, prefix);
    }

    @Override
    public Locks locks() {
        requireOpen();
        return new LockCalls(services, null);
    }

    @Override
    public Cluster cluster() {
        requireOpen();
        return new ClusterCalls(services, null, false);
    }

    /** Ends an election with the client. */
    void track(Election election) {
        requireOpen();
        elections.add(election);
    }

    void untrack(Election election) {
        elections.remove(election);
    }

    @Override
    public Optional<Lease> tryAcquire(LockRequest what, Duration wait) throws InterruptedException {
        return await(begin(owner(), what, waitMillis(wait)));
    }

    static Optional<Lease> await(PendingLease pending) throws InterruptedException {
        try {
            return Blocking.interruptibly(pending.result()).map(lease -> lease);
        } catch (InterruptedException e) {
            pending.withdraw();
            throw e;
        }
    }

    @Override
    public CompletableFuture<Lease> acquireAsync(LockRequest what, Duration wait) {
        return async(begin(owner(), what, waitMillis(wait)));
    }

    CompletableFuture<Lease> acquireForever(LockRequest what) {
        return async(begin(owner(), what, Acquisition.FOREVER));
    }

    /** The future of the program: completed by its executor, and cancelling it withdraws the request. */
    CompletableFuture<Lease> async(PendingLease begun) {
        CompletableFuture<Lease> future = new CompletableFuture<>();
        Futures.onComplete(
                begun.result(),
                (lease, failure) -> deliver(() -> {
                    if (failure != null) {
                        future.completeExceptionally(Failures.cause(failure));
                    } else if (!future.complete(lease.orElse(null))) {
                        lease.ifPresent(late -> Futures.forget(release(late)));
                    }
                }));
        Futures.onComplete(future, (lease, failure) -> {
            if (future.isCancelled()) {
                Futures.forget(begun.cancel());
            }
        });
        return future;
    }

    @Override
    public Session openSession(String name) throws InterruptedException {
        return openSession(SessionOptions.named(name));
    }

    @Override
    public Session openSession(SessionOptions wanted) throws InterruptedException {
        requireOpen();
        CompletableFuture<ClientSession> opening =
                Blocking.on(services.loop(), () -> services.pool().open(wanted));
        try {
            return new OwnSession(this, services, Blocking.interruptibly(opening));
        } catch (InterruptedException e) {
            Futures.onComplete(opening, (session, failure) -> {
                if (session != null) {
                    services.loop().execute(() -> services.pool().end(session));
                }
            });
            throw e;
        }
    }

    Owner owner() {
        return Owner.borrowing(services.pool(), services.loop(), () -> true);
    }

    /** Milliseconds of a wait, rounded up, 24 h at most. */
    static long waitMillis(Duration wait) {
        if (wait.isNegative()) {
            throw new IllegalArgumentException("a wait is not negative: " + wait);
        }
        return wait.compareTo(Duration.ofMillis(Acquisition.WAIT_MILLIS_MAX)) > 0
                ? Acquisition.WAIT_MILLIS_MAX
                : wait.plusNanos(999_999).toMillis();
    }

    /** Begins a request; it and its lease are ended with the client. */
    PendingLease begin(Owner owner, LockRequest what, long waitMillis) {
        requireOpen();
        PendingLease begun = new PendingLease(
                services, owner, new LockTerms(what, services.conduct().headers()), waitMillis);
        services.loop().execute(() -> pending.add(begun));
        Futures.onComplete(
                begun.result(),
                (lease, failure) -> services.loop().execute(() -> {
                    pending.remove(begun);
                    if (lease != null) {
                        lease.ifPresent(this::track);
                    }
                }));
        return begun;
    }

    private void track(LeaseHandle lease) {
        leases.add(lease);
        lease.onEnd(() -> leases.remove(lease));
        if (closed) {
            lease.stop();
        }
    }

    CompletableFuture<Boolean> release(LeaseHandle lease) {
        return Blocking.on(services.loop(), lease::release);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the client is closed");
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        Mark began = services.loop().now();
        elections.forEach(Election::leave);
        Blocking.quietly(Blocking.on(services.loop(), this::stop), CLOSE_MILLIS);
        long left = CLOSE_MILLIS - began.millisUntil(services.loop().now());
        Blocking.quietly(Blocking.on(services.loop(), this::end), Math.max(CLEANUP_MILLIS, left));
        services.loop().close();
        transport.close();
        closesThreads.run();
    }

    /** Tells all work to stop; completes when nothing is held any more. */
    private CompletableFuture<Void> stop() {
        List<CompletableFuture<?>> held = new ArrayList<>();
        List.copyOf(pending).forEach(waiting -> held.add(waiting.cancel()));
        for (LeaseHandle lease : List.copyOf(leases)) {
            lease.stop();
            held.add(lease.lost());
        }
        return CompletableFuture.allOf(held.toArray(CompletableFuture[]::new)).exceptionally(failure -> {
            if (Failures.cause(failure) instanceof CancellationException) {
                return null;
            }
            throw new IllegalStateException(failure);
        });
    }

    /** Ends what is left, with all that is still held. */
    private CompletableFuture<Void> end() {
        List.copyOf(pending).forEach(PendingLease::abandon);
        List.copyOf(leases).forEach(lease -> Futures.forget(lease.release()));
        services.pool().keepAlive().endAll();
        return services.pool().close();
    }
}
