package io.holdfast.client.internal;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An acquisition as a thread of the program sees it. Any thread. */
final class PendingLease {

    private static final long WITHDRAW_MILLIS = 2 * LeaseHandle.RELEASE_MILLIS;

    private final Loop loop;
    private final CompletableFuture<Optional<LeaseHandle>> result = new CompletableFuture<>();
    private @Nullable Acquisition acquisition;

    PendingLease(ClientServices services, Owner owner, LockTerms terms, long waitMillis) {
        this.loop = services.loop();
        if (!loop.offer(() -> begin(Acquisition.begin(services, owner, terms, waitMillis)))) {
            abandon();
        }
    }

    private void begin(Acquisition begun) {
        acquisition = begun;
        Futures.onComplete(begun.result(), (lease, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else if (!result.complete(lease)) {
                // The program was told that there is none.
                lease.ifPresent(late -> Futures.forget(late.release()));
            }
        });
    }

    /** The lease, or nothing. */
    CompletableFuture<Optional<LeaseHandle>> result() {
        return result;
    }

    /** Tells the program that there is none, whatever becomes of it: the client is closed. */
    void abandon() {
        result.completeExceptionally(new CancellationException("the client is closed"));
    }

    /** Withdraws the request and returns when it is gone, or what crossed it was released; bounded, keeps the flag. */
    void withdraw() {
        Blocking.quietly(cancel(), WITHDRAW_MILLIS);
    }

    /** The same without waiting. */
    CompletableFuture<Boolean> cancel() {
        return Blocking.on(loop, () -> {
            Acquisition begun = acquisition;
            if (begun == null) {
                return CompletableFuture.completedFuture(true);
            }
            begun.cancel();
            return begun.result()
                    .handle((lease, failure) -> lease)
                    .thenCompose(lease -> lease == null || lease.isEmpty()
                            ? CompletableFuture.completedFuture(true)
                            : lease.get().release());
        });
    }
}
