package io.holdfast.server.stream;

import io.holdfast.lock.Revision;
import io.holdfast.server.history.Committed;
import io.holdfast.server.history.EventJson;
import io.holdfast.server.history.History;
import io.holdfast.server.history.Message;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One reader of what was committed. It follows history at its own pace and has no buffer but that of its connection:
 * one that takes nothing for too long, or for whom history does not wait any longer, is cut off and goes on from the
 * last id that it received. What it is given has no gap: where history has one, it is given the present state first.
 *
 * <p>Used on the context of its lane.
 */
final class EventReader {

    private static final Logger LOG = Logger.getLogger("io.holdfast.stream");

    private static final int BYTES_AT_ONCE = 32 * 1024;

    /** Changes that are looked at in one turn. */
    private static final int STEPS_AT_ONCE = 2_000;

    private final History history;
    private final Source source;
    private final Lane lane;
    private final RepairDesk desk;
    private final StreamSettings settings;
    private final StreamTerms terms;
    private final Clearance clearance;
    private final Outlet outlet;
    private final Framing framing;
    private final long deadline;
    private final Runnable onOver;
    private final Outbox out = new Outbox();

    /** What was said last, or looked at; null before the reader begins, and while it waits for the present state. */
    private @Nullable Committed at;

    /** How many changes of the entry after {@link #at} were said, or looked at. */
    private int into;

    /** Up to here everything was said that the reader wants. */
    private long cursor;

    /** The present state is being said. */
    private @Nullable Repair repair;

    private RepairDesk.@Nullable Turn turn;
    private boolean pageAsked;
    private boolean turnAsked;
    private int changesSaid;
    private boolean batchFull;
    private boolean something;
    private long saidAt;
    private long fullSince;
    private boolean begun;

    /** The client was sent the message to come back with another credential. */
    private boolean reauthenticate;

    private boolean over;
    private boolean cutOff;

    /**
     * What readers have in common.
     *
     * @param lane of the event loop of this one
     * @param desk where repairs take turns
     */
    record Place(Source source, Lane lane, RepairDesk desk, StreamSettings settings) {}

    EventReader(Place place, StreamTerms terms, Clearance clearance, Outlet outlet, Runnable onOver) {
        this.source = place.source();
        this.history = source.history();
        this.lane = place.lane();
        this.desk = place.desk();
        this.settings = place.settings();
        this.terms = terms;
        this.clearance = clearance;
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
        begun = true;
        at = from;
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
        if (over || outlet.isFull()) {
            return;
        }
        Committed from = at;
        if (from != null && !pageAsked) {
            follow(from);
        }
    }

    /** The outlet was full and is not any more. */
    void drained() {
        fullSince = 0;
        pump();
    }

    private void goOnLater() {
        if (!turnAsked) {
            turnAsked = true;
            lane.later(this, reader -> {
                turnAsked = false;
                pump();
            });
        }
    }

    private void follow(Committed from) {
        // Before the entries: everything up to here is among them.
        long upTo = history.upTo();
        Committed last = from;
        int steps = 0;
        while (true) {
            Committed next = last.next();
            Repair saying = repair;
            Repair.Page page = saying == null ? null : saying.page();
            // After the entry and the page: rules that were in force before them are known by now.
            if (!mayGoOn()) {
                return;
            }
            if (saying != null
                    && page != null
                    && (next == null || (!next.isLost() && next.revision() > page.revision()))) {
                say(saying, page);
                if (repair != null) {
                    sayMoreOfState();
                    return;
                }
                continue;
            }
            if (next == null) {
                caughtUp(upTo);
                return;
            }
            if (next.isLost()) {
                Committed found = repair == null ? history.at(cursor) : null;
                if (found == null) {
                    beginRepair();
                    return;
                }
                last = found;
                at = found;
                into = 0;
                continue;
            }
            if (out.bytes() >= BYTES_AT_ONCE || steps >= STEPS_AT_ONCE) {
                flush();
                goOnLater();
                return;
            }
            int before = into;
            boolean whole = say(next);
            if (batchFull) {
                finish();
                return;
            }
            steps += Math.max(1, (whole ? next.end() : into) - before);
            if (whole) {
                into = 0;
                last = next;
                at = next;
            }
        }
    }

    /** Ends a reader whose caller may see less than it gets, and widens one whose caller may see more. */
    private boolean mayGoOn() {
        if (!clearance.holds()) {
            leave();
            return false;
        }
        if (into == 0 && repair == null && clearance.widen() && terms.batch() == null) {
            say(Message.of(
                    "widened",
                    null,
                    EventJson.begin(new StringBuilder(64), cursor).append('}')));
        }
        return true;
    }

    private void caughtUp(long upTo) {
        if (repair != null) {
            sayMoreOfState();
            return;
        }
        cursor = Math.max(cursor, upTo);
        if (terms.batch() != null && (something || isLate())) {
            finish();
        } else {
            flush();
        }
    }

    /** Says one message of an entry, if there is one to say; answers whether the entry is done with. */
    private boolean say(Committed entry) {
        Repair covering = repair;
        if (covering == null && entry.revision() <= cursor) {
            return true;
        }
        Committed.Part part = covering == null
                ? entry.part(into, clearance.filter())
                : entry.aside(
                        into,
                        change -> covering.covers(change) && clearance.filter().wants(change, entry.owner(change)));
        if (part != null) {
            if (isTooMuch(entry)) {
                batchFull = true;
                return false;
            }
            if (!say(part.message())) {
                // History forgot the entry in this moment: the way from the one before is cut too.
                return false;
            }
            changesSaid += covering == null ? part.changes() : 0;
            into = part.next();
        }
        boolean whole = part == null || part.next() >= entry.end();
        if (whole && covering == null) {
            cursor = entry.revision();
        }
        return whole;
    }

    /** A transaction is not divided between batches: one that begins is said to its end. */
    private boolean isTooMuch(Committed entry) {
        StreamTerms.Batch batch = terms.batch();
        return batch != null
                && repair == null
                && into == 0
                && changesSaid > 0
                && changesSaid + entry.count(clearance.filter()) > batch.limit();
    }

    private boolean say(Message message) {
        something = true;
        return framing.message(out, message);
    }

    private boolean isLate() {
        return System.nanoTime() - deadline >= 0;
    }

    private void flush() {
        if (out.bytes() > 0 && (terms.batch() == null || something)) {
            saidAt = System.nanoTime();
            outlet.write(out.take());
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

    /** Has the present state said, from its beginning. Nothing of history is held until the first page is there. */
    private void beginRepair() {
        at = null;
        into = 0;
        repair = new Repair(clearance.filter());
        desk.reset();
        String since = Revision.text(cursor);
        say(Message.of("reset", null, "{\"since\":\"" + since + "\",\"reason\":\"history-gone\"}"));
        flush();
        pageAsked = true;
        if (turn == null) {
            turn = desk.enter(() -> lane.later(this, EventReader::askPage));
        } else {
            askPage();
        }
    }

    /** All that was read is said: asks for the next page, once the reader can take it. */
    private void sayMoreOfState() {
        flush();
        if (!outlet.isFull()) {
            askPage();
        }
    }

    private void askPage() {
        Repair asking = repair;
        if (over || asking == null) {
            return;
        }
        pageAsked = true;
        desk.page(table -> {
            try {
                Repair.Page read = asking.read(table, history);
                lane.later(this, reader -> received(asking, read));
            } catch (RuntimeException defect) {
                lane.later(this, reader -> fail(defect));
            }
        });
    }

    private void received(Repair asking, Repair.Page read) {
        if (over) {
            return;
        }
        pageAsked = false;
        asking.receive(read);
        if (at == null) {
            at = read.place();
        }
        pump();
    }

    private void say(Repair saying, Repair.Page page) {
        saying.say(page).forEach(this::say);
        if (page.complete()) {
            repair = null;
            leaveDesk();
            cursor = page.revision();
            String revision = Revision.text(cursor);
            say(Message.of("live", revision, "{\"revision\":\"" + revision + "\"}"));
        }
    }

    private void leaveDesk() {
        RepairDesk.Turn left = turn;
        turn = null;
        if (left != null) {
            left.leave();
        }
    }

    // ---- time ----

    void tick(long now) {
        if (over || !begun || !mayGoOn() || isExpired()) {
            return;
        }
        if (outlet.isFull()) {
            fullSince = fullSince == 0 ? now : fullSince;
            // A reader that is repaired begins its repair again when it has read.
            boolean late = repair == null && at != null && at.isGone();
            if (now - fullSince > settings.stallNanos() || late) {
                cutOff();
            }
            return;
        }
        fullSince = 0;
        if (repair != null) {
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

    /** Ends a reader whose credential has expired, and sends a warning a while before. */
    private boolean isExpired() {
        long left = clearance.leftMillis();
        if (left <= 0) {
            leave();
        } else if (left <= EventStreams.REAUTHENTICATE_MILLIS
                && !reauthenticate
                && terms.batch() == null
                && !outlet.isFull()) {
            reauthenticate = true;
            say(EventStreams.reauthenticate(left));
            flush();
        }
        return left <= 0;
    }

    /** Ends it before all was said: it goes on from the last id that it has. */
    void cutOff() {
        if (!over) {
            cutOff = true;
            outlet.cut();
            close();
        }
    }

    /** Ends it because of a defect in the code that serves it, which must not concern others. */
    void fail(Throwable defect) {
        if (!over) {
            LOG.errorf(defect, "a reader of events was cut off by a defect: report it, the node goes on");
            outlet.cut();
            close();
        }
    }

    /** The node is about to end: the reader is told how far it is, and goes on from there at another node. */
    void leave() {
        if (over || !begun) {
            return;
        }
        if (outlet.isFull() || repair != null || into > 0) {
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

    /** Lets go of the reader, and of all that it holds; without effect when it was let go of before. */
    void close() {
        if (over) {
            return;
        }
        over = true;
        at = null;
        repair = null;
        out.clear();
        leaveDesk();
        lane.remove(this);
        onOver.run();
    }
}
