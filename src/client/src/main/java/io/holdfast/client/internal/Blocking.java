package io.holdfast.client.internal;

import io.holdfast.client.HoldfastException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits on a thread of the program for what the loop does. Not for the loop itself. */
final class Blocking {

    private static final long QUIETLY_MILLIS = 6_000;

    private Blocking() {}

    /** Runs something on the loop and returns what becomes of it. */
    static <T> CompletableFuture<T> on(Loop loop, Supplier<CompletableFuture<T>> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        boolean taken = loop.offer(() -> {
            try {
                Futures.onComplete(action.get(), (value, failure) -> {
                    if (failure == null) {
                        result.complete(value);
                    } else {
                        result.completeExceptionally(Failures.cause(failure));
                    }
                });
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        if (!taken) {
            result.completeExceptionally(new IllegalStateException("the client is closed"));
        }
        return result;
    }

    /** Waits, also on a thread that is interrupted, and gives the flag back. */
    static <T> T get(CompletableFuture<T> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return interruptibly(future);
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

    /** Waits until it is there or the thread is interrupted. */
    static <T> T interruptibly(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private static RuntimeException failure(ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : Failures.cause(e.getCause());
        if (cause instanceof HoldfastException || cause instanceof IllegalStateException) {
            // The trace of the caller says more than that of the loop.
            cause.fillInStackTrace();
        }
        if (cause instanceof RuntimeException unchecked) {
            return unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(cause);
    }

    /** Waits for a bounded time, whatever becomes of it. */
    static void quietly(CompletableFuture<?> future) {
        quietly(future, QUIETLY_MILLIS);
    }

    static void quietly(CompletableFuture<?> future, long millis) {
        boolean interrupted = false;
        CompletableFuture<?> bounded = future.copy().orTimeout(millis, TimeUnit.MILLISECONDS);
        try {
            while (!bounded.isDone()) {
                try {
                    bounded.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException | CancellationException e) {
            ignored(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void ignored(@Nullable Exception e) {
        System.getLogger(Blocking.class.getName()).log(System.Logger.Level.DEBUG, "what is cleaned up goes on", e);
    }
}
