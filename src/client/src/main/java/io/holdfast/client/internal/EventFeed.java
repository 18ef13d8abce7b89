package io.holdfast.client.internal;

import io.holdfast.api.EventBatch;
import io.holdfast.api.Json;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.Revision;
import io.holdfast.api.SseMessage;
import io.holdfast.client.EventSubscription;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Reads events as a stream, from any node. A stream that ended is followed by another one from what the listener was
 * told last on; nothing is read ahead of the listener. On the loop, but for what the program calls.
 */
final class EventFeed implements EventSubscription, Following.Reader {

    /** A node says at least every 10 s that nothing happened. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private static final Set<String> KINDS = Set.of("change", "bookmark", "reset", "sync", "live", "widened");
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._:@/~-]{0,512}");
    private static final Pattern KIND = Pattern.compile("[a-z-]{1,64}");

    private final Loop loop;
    private final Callbacks callbacks;
    private final String query;
    private final Consumer<EventBatch.Event> listener;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile String position;
    private final Following following;
    private volatile boolean closed;

    private EventFeed(ClientServices services, Builder builder, Consumer<EventBatch.Event> listener) {
        this.loop = services.loop();
        this.callbacks = new Callbacks(services.executor());
        this.query = "?prefix=" + builder.prefix + "&kinds=" + String.join(",", builder.kinds);
        this.position = builder.since;
        this.listener = listener;
        this.following = new Following(
                loop, services.caller(), this, SILENCE, services.conduct().headers());
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
            services.loop().execute(feed.following::open);
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
        loop.execute(following::close);
        callbacks.execute(() -> ended.complete(null));
    }

    @Override
    public String target() {
        return "/v1/events" + query + (position.isEmpty() ? "" : "&since=" + position);
    }

    @Override
    public void messages(List<SseMessage> messages, Runnable more) throws MalformedJsonException {
        List<EventBatch.Event> events = new ArrayList<>();
        for (SseMessage message : messages) {
            if (KINDS.contains(message.event())) {
                events.add(event(message));
            }
        }
        for (EventBatch.Event event : events) {
            callbacks.execute(() -> tell(event));
        }
        callbacks.execute(() -> loop.execute(more));
    }

    private static EventBatch.Event event(SseMessage message) throws MalformedJsonException {
        String id = message.id();
        try {
            if (id != null) {
                Revision.parse(id);
            }
        } catch (IllegalArgumentException e) {
            throw new MalformedJsonException(String.valueOf(e.getMessage()));
        }
        byte[] data = message.data().getBytes(StandardCharsets.UTF_8);
        return new EventBatch.Event(id, message.event(), Json.read(data, EventBatch.Content::read));
    }

    private void tell(EventBatch.Event event) {
        if (closed) {
            return;
        }
        try {
            if (!event.event().equals("bookmark")) {
                listener.accept(event);
            }
        } finally {
            String id = event.id();
            position = id == null ? position : id;
        }
    }

    @Override
    public void refused(Reply refusal) {
        callbacks.execute(() -> ended.completeExceptionally(Failures.of(refusal)));
    }
}
