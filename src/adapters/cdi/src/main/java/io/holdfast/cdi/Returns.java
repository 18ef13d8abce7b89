package io.holdfast.cdi;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an intercepted method returns.
 *
 * @param kind when its work has ended
 * @param skipped what a call gets that is skipped
 */
record Returns(Kind kind, @Nullable Object skipped) {

    private static final String UNI = "io.smallrye.mutiny.Uni";
    private static final Set<String> STREAMS = Set.of("io.smallrye.mutiny.Multi", "org.reactivestreams.Publisher");

    /** When the work of a method has ended. */
    enum Kind {
        /** When it returns. */
        VALUE,
        /** When the stage completes. */
        STAGE,
        /** When the Uni completes. */
        UNI
    }

    /**
     * Reads it from a method.
     *
     * @param place names annotation and method in messages
     * @throws IllegalArgumentException when such a method cannot be intercepted
     */
    static Returns of(Method method, OnBusy onBusy, String place) {
        Class<?> type = method.getReturnType();
        if (STREAMS.contains(type.getName()) || Flow.Publisher.class.isAssignableFrom(type)) {
            throw new IllegalArgumentException(
                    place + " returns a stream: return a CompletionStage or a Uni, or a value");
        }
        if (onBusy == OnBusy.SKIP && type.isPrimitive() && type != void.class) {
            throw new IllegalArgumentException(
                    place + " returns " + type + ", of which there is none when the call is skipped: return an object");
        }
        if (type == CompletionStage.class || type == CompletableFuture.class) {
            return new Returns(Kind.STAGE, skipped(argument(method)));
        }
        if (CompletionStage.class.isAssignableFrom(type)) {
            throw new IllegalArgumentException(place + " returns " + type.getName() + ": return a CompletionStage");
        }
        return type.getName().equals(UNI)
                ? new Returns(Kind.UNI, skipped(argument(method)))
                : new Returns(Kind.VALUE, skipped(type));
    }

    private static @Nullable Type argument(Method method) {
        return method.getGenericReturnType() instanceof ParameterizedType of ? of.getActualTypeArguments()[0] : null;
    }

    private static @Nullable Object skipped(@Nullable Type type) {
        Type raw = type instanceof ParameterizedType of ? of.getRawType() : type;
        return raw == Optional.class ? Optional.empty() : null;
    }

    /** What an asynchronous method returns for a call. */
    Object of(Supplier<CompletableFuture<Object>> call) {
        return kind == Kind.UNI ? MutinyResults.uni(call) : call.get();
    }

    /** The work of an asynchronous method, from what it returned. */
    @SuppressWarnings("unchecked")
    CompletionStage<Object> stage(@Nullable Object returned) {
        if (returned == null) {
            throw new IllegalStateException("an asynchronous method returned null");
        }
        return kind == Kind.UNI ? MutinyResults.stage(returned) : (CompletionStage<Object>) returned;
    }
}
