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
    private final UniEmitter<? super T> emitter;
    private final @Nullable Context caller;
    private @Nullable Runnable cleanup;
    private boolean over;

    private NodeTask(Replica replica, UniEmitter<? super T> emitter) {
        this.replica = replica;
        this.emitter = emitter;
        this.caller = Vertx.currentContext();
    }

    /** Returns a Uni that runs {@code work} on the node's context when it is subscribed to. */
    static <T> Uni<T> on(Replica replica, Consumer<NodeTask<T>> work) {
        return Uni.createFrom().emitter(emitter -> {
            NodeTask<T> task = new NodeTask<>(replica, emitter);
            try {
                replica.onNode(() -> task.run(work));
                emitter.onTermination(() -> replica.onNode(task::cancel));
            } catch (Refused e) {
                emitter.fail(e);
            }
        });
    }

    private void run(Consumer<NodeTask<T>> work) {
        if (!over) {
            step(() -> work.accept(this)).run();
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
