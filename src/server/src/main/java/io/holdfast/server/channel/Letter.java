package io.holdfast.server.channel;

import io.holdfast.lock.Change;
import io.holdfast.lock.Revision;
import io.holdfast.server.history.Committed;
import io.holdfast.server.history.EventJson;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * One message to a broker: what one transaction changed of one lock, or of one session; or some of that, when it is
 * much.
 *
 * @param key what orders messages at the broker: the lock's name, or the session's id, or {@code cluster}
 * @param revision of the transaction, as clients know it
 * @param json key, revision, time and changes; {@code more} when another message of that key and revision follows
 */
record Letter(String key, String revision, String json) {

    static final String CLUSTER = "cluster";

    /** Changes of one message. */
    static final int CHANGES_MAX = 200;

    /** Bytes of one message, about; a single change may be more. Brokers take a megabyte unless told otherwise. */
    static final int BYTES_MAX = 256 * 1024;

    /**
     * Returns the messages for a transaction, in the order in which their keys come first among its changes. Each is
     * written when it is asked for.
     */
    static Iterator<Letter> of(Committed committed) {
        String revision = Revision.text(committed.revision());
        if (committed.changes().isEmpty()) {
            return List.of(written(CLUSTER, revision, committed.data(), false)).iterator();
        }
        Map<String, List<Change>> byKey = new LinkedHashMap<>();
        for (Change change : committed.changes()) {
            byKey.computeIfAbsent(key(change), key -> new ArrayList<>(1)).add(change);
        }
        return new Writer(committed, revision, byKey);
    }

    /** Says that what was committed after one revision and up to another was never published. */
    static Letter gap(long after, long upTo) {
        String revision = Revision.text(upTo);
        String json = "{\"key\":\"" + CLUSTER + "\",\"revision\":\"" + revision + "\",\"gapAfter\":\""
                + Revision.text(after) + "\",\"changes\":[]}";
        return new Letter(CLUSTER, revision, json);
    }

    private static Letter written(String key, String revision, StringBuilder data, boolean more) {
        String first = "{\"key\":\"" + key + (more ? "\",\"more\":true," : "\",");
        return new Letter(key, revision, data.replace(0, 1, first).toString());
    }

    private static String key(Change change) {
        String lock = change.lock();
        return lock == null ? Revision.text(change.session()) : lock;
    }

    /** Writes the messages of one transaction, key by key. */
    private static final class Writer implements Iterator<Letter> {
        private final Committed committed;
        private final String revision;
        private final Iterator<Map.Entry<String, List<Change>>> keys;
        private String key = "";
        private List<Change> left = List.of();

        private Writer(Committed committed, String revision, Map<String, List<Change>> byKey) {
            this.committed = committed;
            this.revision = revision;
            this.keys = byKey.entrySet().iterator();
        }

        @Override
        public boolean hasNext() {
            return !left.isEmpty() || keys.hasNext();
        }

        @Override
        public Letter next() {
            if (!hasNext()) {
                throw new NoSuchElementException(revision + " has no more messages");
            }
            if (left.isEmpty()) {
                Map.Entry<String, List<Change>> entry = keys.next();
                key = entry.getKey();
                left = entry.getValue();
            }
            int count = fitting(left);
            List<Change> now = left.subList(0, count);
            left = left.subList(count, left.size());
            StringBuilder data = EventJson.transaction(committed.revision(), committed.atMillis(), now);
            return written(key, revision, data, !left.isEmpty());
        }

        private static int fitting(List<Change> changes) {
            int most = Math.min(CHANGES_MAX, changes.size());
            int bytes = EventJson.bytes(changes.get(0));
            int count = 1;
            while (count < most) {
                bytes += EventJson.bytes(changes.get(count));
                if (bytes > BYTES_MAX) {
                    break;
                }
                count++;
            }
            return count;
        }
    }
}
