package io.holdfast.server.channel;

import io.holdfast.lock.Change;
import io.holdfast.lock.Revision;
import io.holdfast.server.history.Committed;
import io.holdfast.server.history.EventFilter;
import io.holdfast.server.history.Message;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One message to a broker: what one transaction changed of one lock, or of one session.
 *
 * @param key what orders messages at the broker: the lock's name, or the session's id, or {@code cluster}
 * @param revision of the transaction, as clients know it
 * @param json key, revision, time and changes
 */
record Letter(String key, String revision, String json) {

    static final String CLUSTER = "cluster";

    /** Returns the messages for a transaction, in the order in which their keys come first among its changes. */
    static List<Letter> of(Committed committed) {
        if (committed.changes().isEmpty()) {
            Message message = committed.message(EventFilter.ALL);
            return message == null ? List.of() : List.of(of(CLUSTER, message));
        }
        Set<String> keys = new LinkedHashSet<>();
        committed.changes().forEach(change -> keys.add(key(change)));
        List<Letter> letters = new ArrayList<>(keys.size());
        for (String key : keys) {
            Message message = committed.message(change -> key(change).equals(key));
            if (message != null) {
                letters.add(of(key, message));
            }
        }
        return letters;
    }

    /** Says that what was committed after one revision and up to another was never published. */
    static Letter gap(long after, long upTo) {
        String revision = Revision.text(upTo);
        String json = "{\"key\":\"" + CLUSTER + "\",\"revision\":\"" + revision + "\",\"gapAfter\":\""
                + Revision.text(after) + "\",\"changes\":[]}";
        return new Letter(CLUSTER, revision, json);
    }

    private static Letter of(String key, Message message) {
        return new Letter(
                key,
                String.valueOf(message.id()),
                "{\"key\":\"" + key + "\"," + message.data().substring(1));
    }

    private static String key(Change change) {
        String lock = change.lock();
        return lock == null ? Revision.text(change.session()) : lock;
    }
}
