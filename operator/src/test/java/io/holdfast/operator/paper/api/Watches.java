package io.holdfast.operator.paper.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.operator.paper.api.ObjectStore.Change;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The watches that are open; for any thread. */
final class Watches {

    private final ObjectStore store;
    private final Set<Watch> open = ConcurrentHashMap.newKeySet();
    private volatile boolean held;

    Watches(ObjectStore store) {
        this.store = store;
    }

    /** Where events of a watch go; it may not block. */
    interface Sink {
        void send(String event);

        void close();
    }

    /**
     * Which objects a watch is about.
     *
     * @param mayBeLate whether its events wait while watches are held
     */
    record Subject(Resource resource, @Nullable String namespace, Predicate<JsonNode> which, boolean mayBeLate) {
        boolean has(Change change) {
            return change.key().resource().equals(resource.name())
                    && (namespace == null || namespace.equals(change.key().namespace()));
        }
    }

    private final class Watch implements Consumer<Change> {

        private final Subject subject;
        private final Sink sink;
        private final ArrayDeque<String> kept = new ArrayDeque<>();

        Watch(Subject subject, Sink sink) {
            this.subject = subject;
            this.sink = sink;
        }

        @Override
        public void accept(Change change) {
            var type = subject.has(change) ? change.typeFor(subject.which()) : null;
            if (type != null) {
                send(event(type, change.last()));
            }
        }

        private synchronized void send(String event) {
            kept.addLast(event);
            flush();
        }

        synchronized void flush() {
            while (!(held && subject.mayBeLate()) && !kept.isEmpty()) {
                sink.send(kept.removeFirst());
            }
        }
    }

    /**
     * Starts a watch.
     *
     * @param after the revision that the client has seen; 0 when it wants all that is there first
     * @return ends it
     */
    Runnable start(Subject subject, long after, Sink sink) {
        var watch = new Watch(subject, sink);
        synchronized (store) {
            var from = after;
            if (after == 0) {
                var now = store.list(subject.resource().name(), subject.namespace(), subject.which(), false);
                now.objects().forEach(object -> watch.send(event("ADDED", object)));
                from = now.revision();
            }
            open.add(watch);
            store.listen(from, watch);
        }
        return () -> {
            store.forget(watch);
            open.remove(watch);
        };
    }

    void hold(boolean now) {
        held = now;
        open.forEach(Watch::flush);
    }

    void close() {
        open.forEach(watch -> watch.sink.close());
    }

    static String event(String type, JsonNode object) {
        return "{\"type\":\"" + type + "\",\"object\":" + object + "}";
    }
}
