package io.holdfast.client.internal;

import io.holdfast.client.Lease;
import io.holdfast.client.LeaseLostException;
import io.holdfast.client.LockRequest;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs work that is not done by one thread under a lease of its own. */
final class AsyncBody {

    private AsyncBody() {}

    static <T> CompletableFuture<T> run(
            CoreClient client, LockRequest what, Function<Lease, ? extends CompletionStage<T>> body) {
        CompletableFuture<T> result = new CompletableFuture<>();
        CompletableFuture<Lease> acquired = client.acquireForever(what);
        Futures.onComplete(acquired, (lease, failure) -> {
            if (failure != null) {
                result.completeExceptionally(Failures.cause(failure));
            } else {
                begin(client, (LeaseHandle) lease, body, result);
            }
        });
        Futures.onComplete(result, (value, failure) -> {
            if (result.isCancelled()) {
                acquired.cancel(false);
            }
        });
        return result;
    }

    private static <T> void begin(
            CoreClient client,
            LeaseHandle lease,
            Function<Lease, ? extends CompletionStage<T>> body,
            CompletableFuture<T> result) {
        CompletionStage<T> stage;
        try {
            stage = body.apply(lease);
        } catch (RuntimeException | Error e) {
            stage = CompletableFuture.failedStage(e);
        }
        if (stage instanceof CompletableFuture<T> future) {
            lease.onStop(() -> future.cancel(true));
            Futures.onComplete(result, (value, failure) -> {
                if (result.isCancelled()) {
                    future.cancel(true);
                }
            });
        }
        Futures.onComplete(
                stage,
                (value, failure) -> Futures.onComplete(
                        client.release(lease),
                        (held, lost) -> end(client, lease, value, failure, Boolean.TRUE.equals(held), result)));
    }

    private static <T> void end(
            CoreClient client,
            LeaseHandle lease,
            T value,
            @Nullable Throwable failure,
            boolean held,
            CompletableFuture<T> result) {
        client.deliver(() -> {
            if (failure != null) {
                result.completeExceptionally(held ? Failures.cause(failure) : lost(lease, Failures.cause(failure)));
            } else if (held) {
                result.complete(value);
            } else {
                result.completeExceptionally(lease.lostException());
            }
        });
    }

    /** What stopped the work, rather than that it was stopped. */
    private static Throwable lost(LeaseHandle lease, Throwable failure) {
        LeaseLostException loss = lease.lostException();
        if (failure instanceof CancellationException) {
            loss.addSuppressed(failure);
            return loss;
        }
        failure.addSuppressed(loss);
        return failure;
    }
}
