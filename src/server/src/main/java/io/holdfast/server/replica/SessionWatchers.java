package io.holdfast.server.replica;

import io.holdfast.lock.Change;
import io.holdfast.lock.GrantView;
import io.holdfast.lock.LockTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who hears of which session. Used on the node's context only. */
final class SessionWatchers {

    private final Map<Long, List<SessionWatcher>> bySession = new HashMap<>();
    private final Guard guard;

    SessionWatchers(Guard guard) {
        this.guard = guard;
    }

    void add(long session, SessionWatcher watcher) {
        bySession.computeIfAbsent(session, id -> new ArrayList<>(1)).add(watcher);
    }

    void remove(long session, SessionWatcher watcher) {
        List<SessionWatcher> watchers = bySession.get(session);
        if (watchers != null && watchers.remove(watcher) && watchers.isEmpty()) {
            bySession.remove(session);
        }
    }

    /** Tells those who watch the session of a change; {@code table} is as the transaction left it. */
    void changed(long revision, Change change, LockTable table) {
        List<SessionWatcher> watchers = bySession.get(change.session());
        if (watchers == null) {
            return;
        }
        for (SessionWatcher watcher : watchers) {
            guard.run(
                    "telling a session of a change",
                    () -> {
                        String grant = change.grant();
                        GrantView holder = grant != null && isNotice(change) ? table.grant(grant) : null;
                        watcher.changed(revision, change, holder);
                    },
                    watcher::replaced);
        }
    }

    private static boolean isNotice(Change change) {
        return change.kind() == Change.Kind.YIELD_REQUESTED || change.kind() == Change.Kind.BREAK_ANNOUNCED;
    }

    void replaced() {
        for (List<SessionWatcher> watchers : bySession.values()) {
            watchers.forEach(watcher -> guard.run("telling a session of a new state", watcher::replaced));
        }
    }
}
