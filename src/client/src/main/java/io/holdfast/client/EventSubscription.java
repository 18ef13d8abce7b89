package io.holdfast.client;

import io.holdfast.api.EventBatch;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Follows what is committed, in order, without a gap or a duplicate, from one node or the next. A listener hears of
 * {@code change} for each transaction; where history does not reach back far enough of {@code reset} (forget what you
 * know), {@code sync} (some of the present state) and {@code live} (you know the state at this revision).
 */
public interface EventSubscription extends AutoCloseable {

    /** What is followed. Used by one thread. */
    interface Builder {
        /**
         * Begins after a revision, as {@link EventSubscription#position()} gave it; {@code 0-0} begins with the present
         * state. Begins now unless given.
         */
        Builder since(String revision);

        /** Only these kinds of changes, as {@code docs/api.md} lists them; all unless given. */
        Builder kinds(String... names);

        /** Begins. The listener is told on a thread of the client's executor; while it is busy nothing is read. */
        EventSubscription start(Consumer<EventBatch.Event> listener);
    }

    /** The revision to go on after, once the listener was told all up to it; empty before the first batch. */
    String position();

    /** Fails when the server refuses the subscription, completes when it is closed. */
    CompletableFuture<Void> ended();

    /** Ends it; the listener may still be told what was read. */
    @Override
    void close();
}
