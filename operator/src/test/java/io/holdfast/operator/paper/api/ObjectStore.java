package io.holdfast.operator.paper.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All objects, their revisions and the changes of late. An object that was stored is never changed; another takes its
 * place.
 *
 * <p>For any thread; listeners are called under the lock, in the order of the changes, and may not block.
 */
final class ObjectStore {

    private static final int CHANGES_MAX = 20_000;

    /** Where an object is; the namespace is empty for objects without one. */
    record Key(String resource, String namespace, String name) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            var byResource = resource.compareTo(other.resource);
            var byNamespace = byResource != 0 ? byResource : namespace.compareTo(other.namespace);
            return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
        }
    }

    /**
     * What happened to an object.
     *
     * @param before null when it was created
     * @param after null when it was removed; {@code last} has its last state then, with the revision of the removal
     */
    record Change(
            long revision,
            Key key,
            @Nullable ObjectNode before,
            @Nullable ObjectNode after,
            ObjectNode last) {

        /** The event that a watch for these objects receives, or null for none. */
        @Nullable
        String typeFor(Predicate<JsonNode> which) {
            var was = before != null && which.test(before);
            var is = after != null && which.test(after);
            if (is) {
                return was ? "MODIFIED" : "ADDED";
            }
            return was ? "DELETED" : null;
        }
    }

    /** A list, and the revision at which it was true. */
    record Listing(List<ObjectNode> objects, long revision) {}

    private final NavigableMap<Key, ObjectNode> objects = new TreeMap<>();
    private final ArrayDeque<Change> changes = new ArrayDeque<>();
    private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
    private long revision = 1;

    /** What readers of a cache see while watches are held. */
    private @Nullable NavigableMap<Key, ObjectNode> past;

    private long pastRevision;

    synchronized @Nullable ObjectNode get(Key key) {
        return objects.get(key);
    }

    /** @param cached whether the answer may be an old one */
    synchronized Listing list(String resource, @Nullable String namespace, Predicate<JsonNode> which, boolean cached) {
        var source = cached && past != null ? past : objects;
        var at = cached && past != null ? pastRevision : revision;
        var from = new Key(resource, namespace == null ? "" : namespace, "");
        var found = new ArrayList<ObjectNode>();
        for (Map.Entry<Key, ObjectNode> each : source.tailMap(from, true).entrySet()) {
            var key = each.getKey();
            if (!key.resource().equals(resource)
                    || (namespace != null && !key.namespace().equals(namespace))) {
                break;
            }
            if (which.test(each.getValue())) {
                found.add(each.getValue());
            }
        }
        return new Listing(found, at);
    }

    /** Stores what differs from what is there; returns what is stored then. */
    synchronized ObjectNode put(Key key, ObjectNode object) {
        revision++;
        ((ObjectNode) object.get("metadata")).put("resourceVersion", Long.toString(revision));
        var before = objects.put(key, object);
        tell(new Change(revision, key, before, object, object));
        return object;
    }

    synchronized void remove(Key key) {
        var before = objects.remove(key);
        if (before != null) {
            revision++;
            var last = before.deepCopy();
            ((ObjectNode) last.get("metadata")).put("resourceVersion", Long.toString(revision));
            tell(new Change(revision, key, before, null, last));
        }
    }

    /** Has the listener told of each change after that revision, of none but future ones for a high number. */
    synchronized void listen(long after, Consumer<Change> listener) {
        var first = changes.peekFirst();
        if (after < revision && first != null && changes.size() == CHANGES_MAX && after < first.revision() - 1) {
            throw new ApiException(410, "Expired", "too old resource version: " + after);
        }
        changes.stream().filter(change -> change.revision() > after).forEach(listener);
        listeners.add(listener);
    }

    void forget(Consumer<Change> listener) {
        listeners.remove(listener);
    }

    /** From now on readers of a cache see what is stored at this moment. */
    synchronized void hold() {
        past = new TreeMap<>(objects);
        pastRevision = revision;
    }

    synchronized void release() {
        past = null;
    }

    private void tell(Change change) {
        changes.addLast(change);
        if (changes.size() > CHANGES_MAX) {
            changes.removeFirst();
        }
        listeners.forEach(listener -> listener.accept(change));
    }
}
