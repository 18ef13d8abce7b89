package io.holdfast.zab.node;

import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.Zab;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.BiFunction;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One question of a client of this node, from the call to its answer. The answer is delivered on the context of whoever
 * asked.
 *
 * @param <S> the replicated state machine
 * @param <T> the answer
 */
final class Ask<S, T> {

    /** Hands the question to the core. */
    interface Begin {
        void tell(Zab core, long now, long id);
    }

    private final Begin begin;
    private final BiFunction<S, @Nullable Object, ? extends T> answer;
    private final LongConsumer answered;
    private final Promise<T> promise = Promise.promise();
    private final @Nullable Context caller = Vertx.currentContext();
    private final long askedAt = System.nanoTime();

    /**
     * Notes who asks, and when.
     *
     * @param answer makes the answer of the state and of the result of a transaction, on the node's context
     * @param answered is told how many nanoseconds it took when there is an answer
     */
    Ask(Begin begin, BiFunction<S, @Nullable Object, ? extends T> answer, LongConsumer answered) {
        this.begin = begin;
        this.answer = answer;
        this.answered = answered;
    }

    Future<T> future() {
        return promise.future();
    }

    void begin(Zab core, long now, long id) {
        begin.tell(core, now, id);
    }

    void answer(S state, @Nullable Object result) {
        answered.accept(System.nanoTime() - askedAt);
        T made;
        try {
            made = answer.apply(state, result);
        } catch (RuntimeException e) {
            deliver(() -> promise.fail(e));
            return;
        }
        deliver(() -> promise.complete(made));
    }

    void fail(RequestFailure failure) {
        deliver(() -> promise.fail(new RequestFailedException(failure)));
    }

    private void deliver(Runnable completion) {
        if (caller == null) {
            completion.run();
        } else {
            caller.runOnContext(ignored -> completion.run());
        }
    }
}
