package io.holdfast.simulator.book;

import io.holdfast.lock.Claim;
import io.holdfast.lock.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Sessions none of which can move while none of the others does: found by taking everybody for stuck who waits, and
 * letting go of those who could go on, until nobody is let go of any more.
 *
 * <p>A session is one actor that gives nothing back before it has what it waits for. Locks of one mode at a time make a
 * knot of every cycle; on a semaphore those who are stuck must have too many of the permits.
 */
public final class Knot {

    private final Book book;
    private final @Nullable Entry asked;

    private Knot(Book book, @Nullable Entry asked) {
        this.book = book;
        this.asked = asked;
    }

    /**
     * Returns the sessions in a knot; none when everybody may get on.
     *
     * @param asked a ticket that is thought to stand in line behind all others; null for none
     */
    public static Set<Long> in(Book book, @Nullable Entry asked) {
        Knot knot = new Knot(book, asked);
        Set<Long> stuck = new TreeSet<>();
        knot.waiting().forEach(entry -> stuck.add(entry.session()));
        boolean less = true;
        while (less) {
            less = stuck.removeIf(session -> knot.canMove(session, stuck));
        }
        return stuck;
    }

    /** Returns whether a ticket stands, at one lock, behind a grant of a session that it cannot have it beside. */
    public static boolean waitsFor(Book book, Entry ticket, String lock, long session) {
        return new Knot(book, ticket).inFront(ticket, lock).stream().anyMatch(other -> other.session() == session);
    }

    private List<Entry> waiting() {
        List<Entry> waiting = new ArrayList<>();
        for (Entry entry : book.entries()) {
            if (book.isWaiting(entry)) {
                waiting.add(entry);
            }
        }
        if (asked != null) {
            waiting.add(asked);
        }
        return waiting;
    }

    private boolean canMove(long session, Set<Long> stuck) {
        return waiting().stream().noneMatch(entry -> entry.session() == session && isStuck(entry, stuck));
    }

    private boolean isStuck(Entry entry, Set<Long> stuck) {
        return entry.claims().values().stream().anyMatch(claim -> isStuck(entry, claim, stuck));
    }

    private boolean isStuck(Entry entry, Claim claim, Set<Long> stuck) {
        int permits = 0;
        boolean behind = false;
        for (Entry other : inFront(entry, claim.lock())) {
            if (other.session() != entry.session() && stuck.contains(other.session())) {
                behind = true;
                permits += Objects.requireNonNull(other.claim(claim.lock())).permits();
            }
        }
        return claim.limit() == 0 ? behind : permits + claim.permits() > claim.limit();
    }

    /** Returns whom it stands behind at a lock, holders and tickets ahead, and cannot have the lock beside. */
    private List<Entry> inFront(Entry entry, String lock) {
        Line line = book.line(lock);
        Claim own = Objects.requireNonNull(entry.claim(lock));
        List<Entry> inFront = new ArrayList<>();
        if (line.holders().contains(entry)) {
            return inFront;
        }
        inFront.addAll(line.holders());
        inFront.addAll(line.ahead(entry));
        inFront.removeIf(other -> {
            Claim theirs = Objects.requireNonNull(other.claim(lock));
            return own.limit() == 0 && own.mode() == Mode.SHARED && theirs.mode() == Mode.SHARED;
        });
        return inFront;
    }
}
