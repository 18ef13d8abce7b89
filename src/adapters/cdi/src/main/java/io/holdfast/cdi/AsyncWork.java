package io.holdfast.cdi;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Work that ends when its stage completes. Cancelling it cancels the stage, where that can be cancelled, and it is over
 * only when the stage is. Any thread.
 */
final class AsyncWork extends CompletableFuture<@Nullable Object> {

    private boolean begun;
    private boolean cancelled;
    private @Nullable CompletableFuture<Object> cancellable;

    /** Begins the work on a thread of the executor, unless it was cancelled before. */
    void begin(Executor executor, Callable<CompletionStage<Object>> body) {
        try {
            executor.execute(() -> run(body));
        } catch (RuntimeException e) {
            completeExceptionally(e);
        }
    }

    private void run(Callable<CompletionStage<Object>> body) {
        synchronized (this) {
            if (cancelled || isDone()) {
                return;
            }
            begun = true;
        }
        try {
            CompletionStage<Object> stage = body.call();
            if (stage instanceof CompletableFuture<Object> future && offer(future)) {
                boolean unused = cancel(true);
            }
            onComplete(stage, this::end);
        } catch (Exception | Error e) {
            completeExceptionally(e);
        }
    }

    /** Keeps what can be cancelled; returns whether it must be, since it was wanted meanwhile. */
    private synchronized boolean offer(CompletableFuture<Object> future) {
        cancellable = future;
        return cancelled;
    }

    private void end(@Nullable Object value, @Nullable Throwable failure) {
        if (failure == null) {
            complete(value);
        } else {
            completeExceptionally(cause(failure));
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        CompletableFuture<Object> future;
        boolean running;
        synchronized (this) {
            cancelled = true;
            running = begun;
            future = cancellable;
        }
        if (!running) {
            // Outside of the monitor, which a thread that is about to run the work would wait for.
            return super.cancel(mayInterruptIfRunning);
        }
        try {
            return future != null && future.cancel(mayInterruptIfRunning);
        } catch (UnsupportedOperationException e) {
            // A minimal stage: it ends by itself.
            return false;
        }
    }

    /**
     * What a caller is given: completes on a thread of the executor, and cancelling it cancels the work.
     *
     * @param result gives the value, or throws
     */
    static <T> CompletableFuture<Object> result(
            CompletableFuture<T> work, Executor executor, Function<T, @Nullable Object> result) {
        CompletableFuture<Object> given = new CompletableFuture<>();
        onComplete(work, (value, failure) -> {
            Runnable tell = () -> tell(given, value, failure, result);
            try {
                executor.execute(tell);
            } catch (RuntimeException e) {
                // The caller's context is closed.
                tell.run();
            }
        });
        onComplete(given, (value, failure) -> {
            if (given.isCancelled()) {
                boolean unused = work.cancel(true);
            }
        });
        return given;
    }

    private static <T> void tell(
            CompletableFuture<Object> given,
            T value,
            @Nullable Throwable failure,
            Function<T, @Nullable Object> result) {
        try {
            if (failure == null) {
                given.complete(result.apply(value));
            } else {
                given.completeExceptionally(cause(failure));
            }
        } catch (RuntimeException e) {
            given.completeExceptionally(e);
        }
    }

    static <T> void onComplete(CompletionStage<T> stage, BiConsumer<? super T, ? super @Nullable Throwable> step) {
        CompletionStage<?> unused = stage.whenComplete(step);
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
