package io.holdfast.cdi;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Results as Mutiny's {@code Uni}; loaded only where that is. */
final class MutinyResults {

    private MutinyResults() {}

    static boolean mayBlock() {
        return Infrastructure.canCallerThreadBeBlocked();
    }

    /** A Uni that makes the call for each of its subscriptions. */
    static Object uni(Supplier<CompletableFuture<Object>> call) {
        return Uni.createFrom().completionStage(call);
    }

    @SuppressWarnings("unchecked")
    static CompletionStage<Object> stage(Object uni) {
        return ((Uni<Object>) uni).subscribeAsCompletionStage();
    }
}
