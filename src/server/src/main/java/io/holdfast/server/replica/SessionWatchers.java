package io.holdfast.server.replica;

import io.holdfast.lock.Change;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who hears of which session. Used on the node's context only. */
final class SessionWatchers {

    private final Map<Long, List<SessionWatcher>> bySession = new HashMap<>();

    void add(long session, SessionWatcher watcher) {
        bySession.computeIfAbsent(session, id -> new ArrayList<>(1)).add(watcher);
    }

    void remove(long session, SessionWatcher watcher) {
        List<SessionWatcher> watchers = bySession.get(session);
        if (watchers != null && watchers.remove(watcher) && watchers.isEmpty()) {
            bySession.remove(session);
        }
    }

    void changed(long revision, Change change) {
        List<SessionWatcher> watchers = bySession.get(change.session());
        if (watchers != null) {
            watchers.forEach(watcher -> watcher.changed(revision, change));
        }
    }

    void replaced() {
        bySession.values().forEach(watchers -> watchers.forEach(SessionWatcher::replaced));
    }
}
