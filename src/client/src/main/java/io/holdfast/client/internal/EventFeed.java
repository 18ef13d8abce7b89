package io.holdfast.client.internal;

import io.holdfast.api.EventBatch;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.Revision;
import io.holdfast.client.EventSubscription;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads events in batches that nodes hold until there are some. A batch is read at any node from where the last one
 * ended, and only once the listener was told that. On the loop, but for what the program calls.
 */
final class EventFeed implements EventSubscription {

    private static final long POLL_MILLIS = 25_000;
    private static final int BATCH_CHANGES = 1000;
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._:@/~-]{0,512}");
    private static final Pattern KIND = Pattern.compile("[a-z-]{1,64}");

    private final Loop loop;
    private final Caller caller;
    private final Callbacks callbacks;
    private final String query;
    private final Consumer<EventBatch.Event> listener;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile String position;
    private volatile boolean closed;
    private int failures;

    private EventFeed(ClientServices services, Builder builder, Consumer<EventBatch.Event> listener) {
        this.loop = services.loop();
        this.caller = services.caller();
        this.callbacks = new Callbacks(services.executor());
        this.query = "?prefix=" + builder.prefix + "&kinds=" + String.join(",", builder.kinds) + "&limit="
                + BATCH_CHANGES + "&poll=" + POLL_MILLIS + "ms";
        this.position = builder.since;
        this.listener = listener;
    }

    /** What is followed. */
    static final class Builder implements EventSubscription.Builder {
        private final ClientServices services;
        private final String prefix;
        private String since = "";
        private List<String> kinds = List.of();

        Builder(ClientServices services, String prefix) {
            if (!PREFIX.matcher(prefix).matches()) {
                throw new IllegalArgumentException("not the beginning of a lock name: " + prefix);
            }
            this.services = services;
            this.prefix = prefix;
        }

        @Override
        public Builder since(String revision) {
            since = Revision.parse(revision).toString();
            return this;
        }

        @Override
        public Builder kinds(String... names) {
            for (String name : names) {
                if (!KIND.matcher(name).matches()) {
                    throw new IllegalArgumentException("not a kind of change: " + name);
                }
            }
            kinds = List.of(names);
            return this;
        }

        @Override
        public EventSubscription start(Consumer<EventBatch.Event> listener) {
            EventFeed feed = new EventFeed(services, this, listener);
            services.loop().execute(feed::ask);
            return feed;
        }
    }

    @Override
    public String position() {
        return position;
    }

    @Override
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    @Override
    public void close() {
        closed = true;
        callbacks.execute(() -> ended.complete(null));
    }

    private void ask() {
        if (closed || ended.isDone()) {
            return;
        }
        String since = position.isEmpty() ? "" : "&since=" + position;
        Call call = Call.of("GET", "/v1/events" + query + since, "")
                .header("Accept", "application/json")
                .check(EventFeed::requireBatch)
                .held(POLL_MILLIS);
        Futures.onComplete(caller.call(call), this::answered);
    }

    private static void requireBatch(Reply reply) throws MalformedJsonException {
        EventBatch batch = reply.read(EventBatch::read);
        try {
            Revision.parse(batch.next());
        } catch (IllegalArgumentException e) {
            throw new MalformedJsonException(String.valueOf(e.getMessage()));
        }
    }

    private void answered(@Nullable Reply reply, @Nullable Throwable failure) {
        if (reply == null) {
            // No node answered for a while; it goes on from where it is when one does.
            loop.schedule(Backoff.millis(failures++, loop.random()), this::ask);
        } else if (reply.status() >= 400) {
            callbacks.execute(() -> ended.completeExceptionally(Failures.of(reply)));
        } else {
            failures = 0;
            tell(read(reply));
        }
    }

    private static EventBatch read(Reply reply) {
        try {
            return reply.read(EventBatch::read);
        } catch (MalformedJsonException e) {
            throw new IllegalStateException("it was read before", e);
        }
    }

    private void tell(EventBatch batch) {
        for (EventBatch.Event event : batch.events()) {
            if (!event.event().equals("bookmark")) {
                callbacks.execute(() -> listener.accept(event));
            }
        }
        callbacks.execute(() -> {
            position = batch.next();
            loop.execute(this::ask);
        });
    }
}
