package io.holdfast.client.internal;

import io.holdfast.client.Lease;
import io.holdfast.client.LeaseLostException;
import io.holdfast.client.LockRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs work that is not done by one thread under a lease of its own.
 *
 * @param <T> what the work gives
 * @param <R> what the program is told
 */
final class AsyncBody<T, R> {

    private static final System.Logger LOG = System.getLogger(AsyncBody.class.getName());

    private final CoreClient client;
    private final Function<Lease, ? extends CompletionStage<T>> body;
    private final Function<@Nullable T, R> done;
    private final CompletableFuture<R> result = new CompletableFuture<>();

    private AsyncBody(
            CoreClient client, Function<Lease, ? extends CompletionStage<T>> body, Function<@Nullable T, R> done) {
        this.client = client;
        this.body = body;
        this.done = done;
    }

    static <T> CompletableFuture<T> run(
            CoreClient client, LockRequest what, Function<Lease, ? extends CompletionStage<T>> body) {
        return new AsyncBody<T, T>(client, body, value -> value).after(client.acquireForever(what), null);
    }

    static <T> CompletableFuture<Optional<T>> tryRun(
            CoreClient client, LockRequest what, Duration wait, Function<Lease, ? extends CompletionStage<T>> body) {
        return new AsyncBody<T, Optional<T>>(client, body, Optional::ofNullable)
                .after(client.acquireAsync(what, wait), Optional.empty());
    }

    private CompletableFuture<R> after(CompletableFuture<Lease> acquired, @Nullable R notGranted) {
        Futures.onComplete(acquired, (lease, failure) -> {
            if (failure != null) {
                result.completeExceptionally(Failures.cause(failure));
            } else if (lease == null) {
                result.complete(notGranted);
            } else {
                begin((LeaseHandle) lease);
            }
        });
        Futures.onComplete(result, (value, failure) -> {
            if (result.isCancelled()) {
                acquired.cancel(false);
            }
        });
        return result;
    }

    private void begin(LeaseHandle lease) {
        CompletionStage<T> stage;
        Overrun overrun = Overrun.watch(lease);
        try {
            stage = body.apply(lease);
        } catch (RuntimeException | Error e) {
            stage = CompletableFuture.failedStage(e);
        }
        if (stage instanceof CompletableFuture<T> future) {
            if (lease.conduct().interrupts()) {
                lease.onStop(() -> cancel(future));
            }
            Futures.onComplete(result, (value, failure) -> {
                if (result.isCancelled()) {
                    cancel(future);
                }
            });
        }
        Futures.onComplete(stage, (value, failure) -> {
            overrun.end();
            Futures.onComplete(
                    client.release(lease), (held, lost) -> end(lease, value, failure, Boolean.TRUE.equals(held)));
        });
    }

    private static void cancel(CompletableFuture<?> future) {
        try {
            future.cancel(true);
        } catch (UnsupportedOperationException e) {
            LOG.log(System.Logger.Level.DEBUG, "a minimal stage ends by itself", e);
        }
    }

    private void end(LeaseHandle lease, @Nullable T value, @Nullable Throwable failure, boolean held) {
        client.deliver(() -> {
            if (failure != null) {
                result.completeExceptionally(held ? Failures.cause(failure) : lost(lease, Failures.cause(failure)));
            } else if (held) {
                result.complete(done.apply(value));
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
