package io.holdfast.server.replica;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The deadlines of requests that this node holds, in buckets, so that ten thousand of them cost one timer. Nothing ends
 * early; all ends at the first {@link #expire} after the end of its bucket. Used on the node's context only.
 */
final class Timeouts {

    private final long bucketNanos;
    private final TreeMap<Long, Set<Entry>> buckets = new TreeMap<>();

    Timeouts(long bucketNanos) {
        this.bucketNanos = bucketNanos;
    }

    /** One deadline. */
    static final class Entry {
        private final long bucket;
        private final Runnable action;

        private Entry(long bucket, Runnable action) {
            this.bucket = bucket;
            this.action = action;
        }
    }

    /** Runs {@code action} once {@link #expire} is called with a time that is not before {@code deadline}. */
    Entry schedule(long deadline, Runnable action) {
        Entry entry = new Entry(Math.floorDiv(deadline, bucketNanos) + 1, action);
        buckets.computeIfAbsent(entry.bucket, b -> new LinkedHashSet<>()).add(entry);
        return entry;
    }

    /** Forgets a deadline; without effect when it ran. */
    void cancel(Entry entry) {
        Set<Entry> bucket = buckets.get(entry.bucket);
        if (bucket != null && bucket.remove(entry) && bucket.isEmpty()) {
            buckets.remove(entry.bucket);
        }
    }

    /** Runs what is due; an action may schedule and cancel. */
    void expire(long now) {
        long due = Math.floorDiv(now, bucketNanos);
        Map.Entry<Long, Set<Entry>> first = buckets.firstEntry();
        while (first != null && first.getKey() <= due) {
            buckets.pollFirstEntry();
            first.getValue().forEach(entry -> entry.action.run());
            first = buckets.firstEntry();
        }
    }

    boolean isEmpty() {
        return buckets.isEmpty();
    }
}
