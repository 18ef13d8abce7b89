package io.holdfast.server.replica;

import io.holdfast.zab.core.Payload;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the keepalives of this node's clients for a few milliseconds, so that they travel to the leader and are
 * confirmed together (protocol.md#t2). Used on the node's context only.
 */
final class KeepAlives {

    private final Function<Payload, Future<Void>> touch;
    private final Consumer<Runnable> later;
    private @Nullable Batch open;

    /**
     * Creates one without a batch.
     *
     * @param touch gives a note to the leader's lease clock
     * @param later runs on the node's context after the time of a batch
     */
    KeepAlives(Function<Payload, Future<Void>> touch, Consumer<Runnable> later) {
        this.touch = touch;
        this.later = later;
    }

    private final class Batch {
        private final Set<Long> sessions = new LinkedHashSet<>();
        private final Promise<Void> confirmed = Promise.promise();
        private boolean sent;

        private void send() {
            if (!sent) {
                sent = true;
                open = null;
                touch.apply(TouchNote.encode(sessions)).onComplete(confirmed);
            }
        }
    }

    /**
     * Touches sessions.
     *
     * @param sessions at most {@link TouchNote#MAX_IDS}
     * @return completes when a quorum round confirmed them
     */
    Future<Void> add(Collection<Long> sessions) {
        Batch batch = open;
        if (batch != null && batch.sessions.size() + sessions.size() > TouchNote.MAX_IDS) {
            batch.send();
            batch = null;
        }
        if (batch == null) {
            batch = new Batch();
            open = batch;
            later.accept(batch::send);
        }
        batch.sessions.addAll(sessions);
        return batch.confirmed.future();
    }
}
