package io.holdfast.client.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What is done when a future completes. A step that fails is a defect and is logged, never lost. Any thread. */
final class Futures {

    private static final System.Logger LOG = System.getLogger(Futures.class.getName());

    private Futures() {}

    /** Runs a step when a future completes, on the thread that completes it. */
    static <T> void onComplete(
            CompletionStage<T> future, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> step) {
        CompletableFuture<?> unused = future.handle((value, failure) -> {
                    try {
                        step.accept(value, failure);
                    } catch (RuntimeException e) {
                        LOG.log(System.Logger.Level.ERROR, "a defect of the client", e);
                    }
                    return null;
                })
                .toCompletableFuture();
    }

    /** Lets something go on behind. */
    static void forget(CompletionStage<?> future) {
        onComplete(future, (value, failure) -> {
            if (failure != null) {
                LOG.log(System.Logger.Level.DEBUG, "what goes on behind failed", failure);
            }
        });
    }
}
