package io.holdfast.simulator.book;

import io.holdfast.lock.Change;
import io.holdfast.lock.Command;
import io.holdfast.lock.Mode;
import io.holdfast.lock.Rules;
import io.holdfast.simulator.book.Entry.Wish;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a reader of all changes knows of the locks: who has them and who waits. It believes everything, also what cannot
 * be; to judge it is the invariants' work.
 */
public final class Book {

    private final Map<String, Line> lines = new TreeMap<>();
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private @Nullable Command command;
    private Rules rules = Rules.at(Rules.FIRST_LEVEL);
    private long revision;
    private long changedAt;

    /** The changes that follow are those of this transaction, which was applied by these rules. */
    public void begin(long newRevision, @Nullable Command newCommand, Rules newRules) {
        revision = newRevision;
        command = newCommand;
        rules = newRules;
    }

    /** Returns the lock; an idle one when nobody uses it. */
    public Line line(String lock) {
        Line line = lines.get(lock);
        return line == null ? new Line(lock) : line;
    }

    /** Returns the locks in use, in the order of their names. */
    public Collection<Line> lines() {
        return lines.values();
    }

    /** Returns the grant or ticket, null when there is none. */
    public @Nullable Entry entry(String grant) {
        return entries.get(grant);
    }

    /** Returns all grants and tickets. */
    public Collection<Entry> entries() {
        return entries.values();
    }

    /** Returns whether it waits for its locks, or some of them. */
    public boolean isWaiting(Entry entry) {
        return entry.claims().keySet().stream()
                .anyMatch(lock -> line(lock).waiting().contains(entry));
    }

    /** Returns a ticket that is in no line yet, for what a command asks. */
    public Entry asked(Command.Acquire asked) {
        return new Entry(asked.grant(), asked.session(), Long.MAX_VALUE, asked.claims());
    }

    /**
     * Returns the ticket to which a holder is to hand its locks because of the present command: the one that the
     * command names, or, where wishes decide, that the holder was asked to yield to; null when it names none or that
     * has gone.
     */
    public @Nullable Entry successorOf(String holder) {
        if (command instanceof Command.Transfer transfer && transfer.grant().equals(holder) && transfer.token() != 0) {
            return entries.get(transfer.to());
        }
        if (!(command instanceof Command.Release release) || !release.grant().equals(holder)) {
            return null;
        }
        if (!release.to().isEmpty()) {
            return entries.get(release.to());
        }
        Entry entry = entries.get(holder);
        Wish wish = entry == null || !rules.wishesDecide() ? null : entry.wish();
        if (wish == null) {
            return null;
        }
        Entry to = entries.get(wish.to());
        return to != null && to.ticket() == wish.ticket() ? to : null;
    }

    /** Returns the last transaction that changed something; 0 for none. */
    public long changedAt() {
        return changedAt;
    }

    /** Takes in what one change tells. */
    public void apply(Change change) {
        changedAt = revision;
        String lock = change.lock();
        if (lock == null) {
            return;
        }
        Line line = lines.computeIfAbsent(lock, Line::new);
        String grant = change.grant();
        if (grant == null) {
            if (change.kind() == Change.Kind.DELAY_ENDED) {
                line.close(0);
            }
        } else if (change.kind() == Change.Kind.DELAYED) {
            line.close(revision);
        } else {
            apply(change, line, entries.computeIfAbsent(grant, id -> opened(change, id)));
        }
        if (line.isIdle()) {
            lines.remove(lock);
        }
    }

    private Entry opened(Change change, String grant) {
        boolean asks =
                command instanceof Command.Acquire acquire && acquire.grant().equals(grant);
        return new Entry(
                grant,
                change.session(),
                change.ticket(),
                asks && command instanceof Command.Acquire acquire ? acquire.claims() : List.of());
    }

    private void apply(Change change, Line line, Entry entry) {
        switch (change.kind()) {
            case WAITING -> line.waiting().add(entry);
            case GRANTED -> {
                entry.granted(change);
                line.waiting().remove(entry);
                line.holders().add(entry);
            }
            case RELEASED, EXPIRED, BROKEN, TRANSFERRED, CANCELLED -> {
                line.holders().remove(entry);
                line.waiting().remove(entry);
                forgetIfGone(entry);
            }
            case UPGRADED -> entry.mode(change, Mode.EXCLUSIVE);
            case DOWNGRADED -> entry.mode(change, Mode.SHARED);
            case YIELD_REQUESTED -> entry.wish(wished());
            case YIELD_LAPSED -> entry.wish(null);
            case BREAK_ANNOUNCED,
                    DELAYED,
                    DELAY_ENDED,
                    LIMIT_CHANGED,
                    SESSION_OPENED,
                    SESSION_ATTACHED,
                    SESSION_ENDED -> {
                // Nobody has more or less of a lock by that.
            }
        }
    }

    private @Nullable Wish wished() {
        Entry to = command instanceof Command.Transfer transfer ? entries.get(transfer.to()) : null;
        return to == null ? null : new Wish(to.grant(), to.ticket());
    }

    private void forgetIfGone(Entry entry) {
        List<Line> with = new ArrayList<>();
        for (Line line : lines.values()) {
            if (line.holders().contains(entry) || line.waiting().contains(entry)) {
                with.add(line);
            }
        }
        if (with.isEmpty()) {
            entries.remove(entry.grant());
        }
    }
}
