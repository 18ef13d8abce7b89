package io.holdfast.server.replica;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request's work on the node's context; its outcome goes back to the caller's context, and when the caller cancels,
 * what the work left there is cleaned up.
 *
 * @param <T> what the request gets
 */
final class NodeTask<T> {

    private final Replica replica;
    private final Consumer<NodeTask<T>> work;
    private final UniEmitter<? super T> emitter;
    private final @Nullable Context caller = Vertx.currentContext();
    private @Nullable Runnable cleanup;

    /** Whether it is answered, or its caller is gone; written on the node's context, read by any thread. */
    private volatile boolean over;

    private NodeTask(Replica replica, Consumer<NodeTask<T>> work, UniEmitter<? super T> emitter) {
        this.replica = replica;
        this.work = work;
        this.emitter = emitter;
    }

    /** Returns a Uni that runs {@code work} on the node's context when it is subscribed to. */
    static <T> Uni<T> on(Replica replica, Consumer<NodeTask<T>> work) {
        return Uni.createFrom().emitter(emitter -> new NodeTask<>(replica, work, emitter).begin());
    }

    private void begin() {
        try {
            replica.onNode(this::run);
            emitter.onTermination(this::terminated);
        } catch (Refused e) {
            emitter.fail(e);
        }
    }

    private void run() {
        if (!over) {
            step(() -> work.accept(this)).run();
        }
    }

    /** The caller has its answer, for which the task was over before, or is gone. */
    private void terminated() {
        if (!over) {
            replica.onNode(this::cancel);
        }
    }

    /**
     * Returns some of the task's work, for later on the node's context: a defect in it is the answer to this request,
     * and nothing to those who run it.
     */
    Runnable step(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException defect) {
                over = true;
                cleanup = null;
                back(() -> emitter.fail(defect));
            }
        };
    }

    private void cancel() {
        over = true;
        Runnable left = cleanup;
        cleanup = null;
        if (left != null) {
            left.run();
        }
    }

    /** Says what a cancelled caller leaves behind; on the node's context. */
    void onCancel(Runnable undo) {
        cleanup = undo;
    }

    /** Returns whether the caller is gone; on the node's context. */
    boolean isOver() {
        return over;
    }

    /** Ends the request; on the node's context. */
    void end(Outcome<T> outcome) {
        over = true;
        cleanup = null;
        back(() -> {
            if (outcome.refused() != null) {
                emitter.fail(outcome.refused());
            } else {
                emitter.complete(outcome.value());
            }
        });
    }

    /** Ends the request with a failure of the layers below; on the node's context. */
    void fail(Throwable failure, boolean wrote) {
        over = true;
        cleanup = null;
        Throwable told = replica.translated(failure, wrote);
        back(() -> emitter.fail(told));
    }

    private void back(Runnable answer) {
        if (caller == null) {
            answer.run();
        } else {
            caller.runOnContext(v -> answer.run());
        }
    }

    Replica replica() {
        return replica;
    }
}
