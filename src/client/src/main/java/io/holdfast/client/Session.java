package io.holdfast.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * An actor of its own: all leases of a session end with it, and for the search of deadlocks it gives nothing back
 * before it has what it waits for. It is kept alive until it is closed. A lost session is never revived.
 */
public interface Session extends AutoCloseable {

    /** How requests name it. */
    String id();

    /** What it is worth at this moment. */
    SessionState state();

    /** Is told the present state, then each change in order; on a thread of the client's executor. */
    void onState(Consumer<SessionState> listener);

    /** As {@link HoldfastClient#tryAcquire}, in this session. */
    Optional<Lease> tryAcquire(LockRequest what, Duration wait) throws InterruptedException;

    /** As {@link HoldfastClient#acquireAsync}, in this session. */
    CompletableFuture<Lease> acquireAsync(LockRequest what, Duration wait);

    /** Ends it and all its leases; blocks for 5 s at most, never throws. */
    @Override
    void close();
}
