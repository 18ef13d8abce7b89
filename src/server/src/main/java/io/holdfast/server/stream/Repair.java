package io.holdfast.server.stream;

import io.holdfast.lock.Change;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Presence;
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
 * <p>A page is true at a revision of its own. Before it is said, all changes up to that revision are, of what earlier
 * pages have said; so what the reader knows is always one state, of a part of all locks and sessions that grows.
 * Between two pages a repair needs no more of history than a reader that is not repaired.
 *
 * <p>Used on the context of the reader's lane, but for {@link #read}.
 */
final class Repair {

    /** Grants or sessions of one page. */
    private static final int ITEMS = 200;

    /** Bytes of one message, about; a single item may be more. */
    private static final int BYTES_MAX = 32 * 1024;

    private final EventFilter filter;

    /** What was said. */
    private Reach said = new Reach(false, null, 0);

    /** Read, and not said yet. */
    private @Nullable Page page;

    /**
     * Which part of the state: locks in the order of names and tickets, then sessions in the order of ids.
     *
     * @param allLocks whether it is all of them
     * @param locks up to where else; null for none
     * @param session last id
     */
    private record Reach(boolean allLocks, Presence.@Nullable Mark locks, long session) {

        boolean covers(Change change) {
            String lock = change.lock();
            if (lock == null) {
                return change.session() <= session;
            }
            if (allLocks || locks == null) {
                return allLocks;
            }
            int order = lock.compareTo(locks.lock());
            return order < 0 || (order == 0 && change.ticket() <= locks.ticket());
        }
    }

    /**
     * Some of the state.
     *
     * @param place after which what was committed later comes
     * @param revision at which it is true
     * @param reach up to where it, with the pages before, tells the state
     * @param complete whether nothing follows
     */
    record Page(
            List<Presence> grants,
            List<Long> sessions,
            Committed place,
            long revision,
            Reach reach,
            boolean complete) {}

    Repair(EventFilter filter) {
        this.filter = filter;
    }

    /** Reads the page after the one that was said last; on the node's context, while nothing else is done with it. */
    Page read(LockTable table, History history) {
        Committed place = history.last();
        long revision = history.upTo();
        if (!said.allLocks()) {
            Presence.Page read = table.presences(filter.names(), said.locks(), ITEMS);
            Presence.Mark end = read.end();
            Reach reach = new Reach(end == null, end, 0);
            boolean complete = end == null && !filter.wantsSessions();
            return new Page(read.grants(), List.of(), place, revision, reach, complete);
        }
        List<Long> ids = new ArrayList<>();
        int looked = 0;
        long last = said.session();
        for (SessionView view : table.sessions("", said.session(), ITEMS)) {
            looked++;
            last = view.id();
            if (filter.wantsSessionOf(view.owner())) {
                ids.add(last);
            }
        }
        boolean complete = looked < ITEMS;
        Reach reach = new Reach(true, null, complete ? Long.MAX_VALUE : last);
        return new Page(List.of(), ids, place, revision, reach, complete);
    }

    /** Takes a page that was read, to be said when all changes up to its revision are. */
    void receive(Page read) {
        page = read;
    }

    /** Returns the page that is to be said next; null while there is none. */
    @Nullable
    Page page() {
        return page;
    }

    /** Returns whether a change is of what the pages that were said tell, so that it must be told too. */
    boolean covers(Change change) {
        return said.covers(change);
    }

    /** Returns the messages of the page, which counts as said from here on. */
    List<Message> say(Page ready) {
        page = null;
        said = ready.reach();
        List<Message> messages = new ArrayList<>();
        write(ready.revision(), ready.grants(), EventJson::present, messages);
        write(ready.revision(), ready.sessions(), EventJson::present, messages);
        return messages;
    }

    /** Writes one item. */
    private interface Item<T> {
        void write(StringBuilder json, T item);
    }

    private static <T> void write(long revision, List<T> items, Item<T> writer, List<Message> messages) {
        StringBuilder json = new StringBuilder();
        Consumer<StringBuilder> end = whole -> messages.add(Message.of("sync", null, whole.append("]}")));
        for (T item : items) {
            if (json.length() > BYTES_MAX) {
                end.accept(json);
                json = new StringBuilder();
            }
            if (json.length() == 0) {
                EventJson.begin(json, revision).append(",\"changes\":[");
            } else {
                json.append(',');
            }
            writer.write(json, item);
        }
        if (json.length() > 0) {
            end.accept(json);
        }
    }
}
