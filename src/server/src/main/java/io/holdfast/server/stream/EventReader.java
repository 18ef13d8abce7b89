package io.holdfast.server.stream;

import io.holdfast.lock.Revision;
import io.holdfast.server.history.Committed;
import io.holdfast.server.history.EventJson;
import io.holdfast.server.history.History;
import io.holdfast.server.history.Message;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One reader of what was committed. It follows history at its own pace and has no buffer but that of its connection:
 * one that takes nothing for too long, or for whom history does not wait any longer, is cut off and goes on from the
 * last id that it received. What it is given has no gap: where history has one, it is given the present state first.
 *
 * <p>Used on the context of its lane.
 */
final class EventReader {

    private static final int BYTES_AT_ONCE = 32 * 1024;

    private final Source source;
    private final History history;
    private final Lane lane;
    private final RepairDesk desk;
    private final StreamSettings settings;
    private final StreamTerms terms;
    private final Outlet outlet;
    private final Framing framing;
    private final long deadline;
    private final Runnable onOver;
    private Buffer out = Buffer.buffer();

    /** What was looked at last; null until the reader begins. */
    private @Nullable Committed at;

    /** Up to here everything was said that the reader wants. */
    private long cursor;

    /** The present state is being read. */
    private @Nullable Repair repair;

    /** The present state was said, and what was committed while it was read is being said. */
    private @Nullable Repair catchingUp;

    private boolean pageAsked;
    private int changesSaid;
    private boolean something;
    private long saidAt;
    private long fullSince;
    private boolean over;
    private boolean cutOff;

    /**
     * What readers have in common.
     *
     * @param lane of the event loop of this one
     * @param desk where repairs take turns
     */
    record Place(Source source, Lane lane, RepairDesk desk, StreamSettings settings) {}

    EventReader(Place place, StreamTerms terms, Outlet outlet, Runnable onOver) {
        this.source = place.source();
        this.history = source.history();
        this.lane = place.lane();
        this.desk = place.desk();
        this.settings = place.settings();
        this.terms = terms;
        this.outlet = outlet;
        this.onOver = onOver;
        StreamTerms.Batch batch = terms.batch();
        this.framing = batch == null ? Framing.sse() : Framing.json();
        this.deadline = System.nanoTime() + (batch == null ? 0 : batch.poll().toNanos());
    }

    /**
     * Begins to read.
     *
     * @param from the entry at or before {@code revision}; null when history does not reach back so far
     * @param revision after which the reader reads
     */
    void begin(@Nullable Committed from, long revision) {
        if (over) {
            return;
        }
        at = from == null ? history.last() : from;
        cursor = revision;
        saidAt = System.nanoTime();
        framing.begin(out);
        lane.add(this);
        if (from == null) {
            beginRepair();
        } else if (terms.since() == null && terms.batch() == null) {
            say(bookmark());
        }
        pump();
        if (terms.batch() == null) {
            flush();
        }
    }

    boolean isOver() {
        return over;
    }

    /** Returns whether the node ended it because the reader was too slow. */
    boolean isCutOff() {
        return cutOff;
    }

    /** Says what is new, if the reader can take it. */
    void pump() {
        if (over || at == null) {
            return;
        }
        if (outlet.isFull()) {
            return;
        }
        if (repair != null) {
            nextPage(repair);
        } else {
            follow(at);
        }
    }

    /** The outlet was full and is not any more. */
    void drained() {
        fullSince = 0;
        pump();
    }

    private void follow(Committed from) {
        // Before the entries: everything up to here is among them.
        long upTo = history.upTo();
        Committed last = from;
        Committed next = last.next();
        while (next != null && out.length() < BYTES_AT_ONCE && !isBatchFull()) {
            last = next;
            at = last;
            if (last.isGap() && last.revision() > cursor) {
                beginRepair();
                return;
            }
            if (last.revision() > cursor) {
                say(last);
            }
            next = last.next();
        }
        if (next == null) {
            goLive();
            cursor = Math.max(cursor, upTo);
        }
        if (terms.batch() != null
                && catchingUp == null
                && (isBatchFull() || (next == null && (something || isLate())))) {
            finish();
            return;
        }
        flush();
        if (next != null) {
            lane.later(this::pump);
        }
    }

    private void say(Committed committed) {
        Repair begun = catchingUp;
        if (begun != null && committed.revision() <= begun.end()) {
            Message message = committed.message(
                    change -> terms.filter().wants(change) && begun.isNews(change, committed.revision()));
            if (message != null) {
                say(Message.of(message.event(), null, message.data()));
            }
            return;
        }
        goLive();
        cursor = committed.revision();
        Message message = committed.message(terms.filter());
        if (message != null) {
            changesSaid++;
            say(message);
        }
    }

    private void say(Message message) {
        something = true;
        framing.message(out, message);
    }

    private boolean isLate() {
        return System.nanoTime() - deadline >= 0;
    }

    private boolean isBatchFull() {
        StreamTerms.Batch batch = terms.batch();
        return batch != null && catchingUp == null && changesSaid >= batch.limit();
    }

    private void flush() {
        if (out.length() > 0 && (terms.batch() == null || something)) {
            Buffer full = out;
            out = Buffer.buffer();
            saidAt = System.nanoTime();
            outlet.write(full);
        }
    }

    private void finish() {
        framing.end(out, cursor);
        something = true;
        flush();
        outlet.end();
        close();
    }

    // ---- repair ----

    private void beginRepair() {
        Repair begun = new Repair(terms.filter());
        repair = begun;
        catchingUp = null;
        pageAsked = true;
        String since = Revision.text(cursor);
        say(Message.of("reset", null, "{\"since\":\"" + since + "\",\"reason\":\"history-gone\"}"));
        flush();
        desk.enter(() -> lane.later(() -> {
            pageAsked = false;
            if (over) {
                desk.leave();
            } else {
                pump();
            }
        }));
    }

    private void nextPage(Repair begun) {
        if (pageAsked) {
            return;
        }
        pageAsked = true;
        source.onNode(table -> {
            List<Message> page = begun.read(table, history);
            lane.later(() -> received(begun, page));
        });
    }

    private void received(Repair begun, List<Message> page) {
        pageAsked = false;
        if (over) {
            desk.leave();
            return;
        }
        page.forEach(this::say);
        flush();
        if (begun.isComplete()) {
            desk.leave();
            repair = null;
            catchingUp = begun;
            at = begun.first();
            cursor = begun.began();
        }
        pump();
    }

    private void goLive() {
        Repair done = catchingUp;
        if (done != null) {
            catchingUp = null;
            cursor = Math.max(cursor, done.end());
            String revision = Revision.text(cursor);
            say(Message.of("live", revision, "{\"revision\":\"" + revision + "\"}"));
        }
    }

    // ---- time ----

    void tick(long now) {
        if (over || at == null) {
            return;
        }
        if (outlet.isFull()) {
            fullSince = fullSince == 0 ? now : fullSince;
            Committed next = at.next();
            if (now - fullSince > settings.stallNanos() || (next != null && next.isGone())) {
                cutOff = true;
                outlet.cut();
                close();
            }
            return;
        }
        fullSince = 0;
        if (repair != null || catchingUp != null) {
            return;
        }
        if (terms.batch() != null) {
            if (now - deadline >= 0) {
                finish();
            }
        } else if (now - saidAt > settings.bookmarkNanos()) {
            say(bookmark());
            flush();
        }
    }

    /** The node is about to end: the reader is told how far it is, and goes on from there at another node. */
    void leave() {
        if (over || at == null) {
            return;
        }
        if (outlet.isFull() || repair != null || catchingUp != null) {
            // It would not hear of it, or has nothing to go on from.
            outlet.cut();
            close();
        } else if (terms.batch() != null) {
            finish();
        } else {
            say(bookmark());
            flush();
            outlet.end();
            close();
        }
    }

    private Message bookmark() {
        StringBuilder data = EventJson.begin(new StringBuilder(64), cursor);
        data.append(",\"ageMs\":").append(source.ageMillis()).append('}');
        return Message.of("bookmark", Revision.text(cursor), data);
    }

    /** Lets go of the reader; without effect when it was let go of before. */
    void close() {
        if (over) {
            return;
        }
        over = true;
        if (repair != null && !pageAsked) {
            desk.leave();
        }
        lane.remove(this);
        onOver.run();
    }
}
