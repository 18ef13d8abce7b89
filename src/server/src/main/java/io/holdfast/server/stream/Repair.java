package io.holdfast.server.stream;

import io.holdfast.lock.Change;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.LockView;
import io.holdfast.lock.SessionView;
import io.holdfast.server.history.Committed;
import io.holdfast.server.history.EventFilter;
import io.holdfast.server.history.EventJson;
import io.holdfast.server.history.History;
import io.holdfast.server.history.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the present state, page by page while it goes on changing, for a reader that lost the way to it.
 *
 * <p>A page is true at a revision of its own. Changes that were committed while the pages were read are told
 * afterwards, unless the page of their lock has them already: that makes one state of all pages, at the revision of the
 * last.
 */
final class Repair {

    /** Locks or sessions of one page, and changes of one message. */
    private static final int ITEMS = 200;

    private final EventFilter filter;
    private final List<Span> spans = new ArrayList<>();
    private @Nullable Committed first;
    private long began;
    private long end;
    private @Nullable String lock;
    private boolean locksRead;
    private long session;
    private boolean complete;

    /**
     * What one page covers, from where the one before ends.
     *
     * @param locks whether it is of locks, else of sessions
     * @param lastLock null for all names that follow
     * @param lastSession last id
     * @param revision at which it is true
     */
    private record Span(boolean locks, @Nullable String lastLock, long lastSession, long revision) {

        boolean covers(Change change) {
            String lock = change.lock();
            if (lock == null) {
                return !locks && change.session() <= lastSession;
            }
            return locks && (lastLock == null || lock.compareTo(lastLock) <= 0);
        }
    }

    Repair(EventFilter filter) {
        this.filter = filter;
    }

    /** Reads one more page; on the node's context. */
    List<Message> read(LockTable table, History history) {
        if (first == null) {
            first = history.last();
            began = history.upTo();
        }
        end = history.upTo();
        List<Message> messages = new ArrayList<>();
        if (!locksRead) {
            readLocks(table, messages);
        } else {
            readSessions(table, messages);
        }
        return messages;
    }

    private void readLocks(LockTable table, List<Message> messages) {
        List<LockView> views = table.locks(filter.prefix(), false, lock, ITEMS);
        List<Consumer<StringBuilder>> items = new ArrayList<>();
        for (LockView view : views) {
            String name = view.name();
            table.grantsAt(name).forEach(grant -> items.add(json -> EventJson.present(json, name, grant)));
        }
        write(items, messages);
        locksRead = views.size() < ITEMS;
        lock = locksRead ? null : views.get(views.size() - 1).name();
        spans.add(new Span(true, lock, 0, end));
        complete = locksRead && !filter.wantsSessions();
    }

    private void readSessions(LockTable table, List<Message> messages) {
        List<SessionView> views = table.sessions("", session, ITEMS);
        List<Consumer<StringBuilder>> items = new ArrayList<>();
        views.forEach(view -> items.add(json -> EventJson.present(json, view.id())));
        write(items, messages);
        complete = views.size() < ITEMS;
        session = complete ? Long.MAX_VALUE : views.get(views.size() - 1).id();
        spans.add(new Span(false, null, session, end));
    }

    private void write(List<Consumer<StringBuilder>> items, List<Message> messages) {
        for (int from = 0; from < items.size(); from += ITEMS) {
            StringBuilder json = EventJson.begin(new StringBuilder(ITEMS * 100), end);
            json.append(",\"changes\":[");
            for (int i = from; i < Math.min(items.size(), from + ITEMS); i++) {
                if (i > from) {
                    json.append(',');
                }
                items.get(i).accept(json);
            }
            messages.add(Message.of("sync", null, json.append("]}")));
        }
    }

    /** Returns whether all pages are read. */
    boolean isComplete() {
        return complete;
    }

    /** Returns the entry after which what was committed meanwhile comes. */
    Committed first() {
        if (first == null) {
            throw new IllegalStateException("no page was read yet");
        }
        return first;
    }

    /** Returns the revision of the first page. */
    long began() {
        return began;
    }

    /** Returns the revision of the last page: that of the state once the changes since the first are told. */
    long end() {
        return end;
    }

    /** Returns whether no page has the change, so that it must be told. */
    boolean isNews(Change change, long revision) {
        for (Span span : spans) {
            if (span.covers(change)) {
                return revision > span.revision();
            }
        }
        return true;
    }
}
