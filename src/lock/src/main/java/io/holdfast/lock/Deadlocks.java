package io.holdfast.lock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the cycle of sessions that one ticket closes, looking from what its session has at those who wait for it.
 *
 * <p>A session waits for another when one of its tickets, at a place that is not open, stands behind a grant of the
 * other: a holder or a ticket ahead that it cannot hold the lock beside. A session is taken for one actor that gives
 * nothing back before it has what it waits for, with one exception: its grants on a lock that the ticket is for belong
 * to somebody else in it, since each of them queues like a stranger. A shared holder is no such stranger to an
 * exclusive ticket: that is a reader that wants to write, and two of them wait for each other for ever.
 *
 * <p>A ticket for a semaphore waits for permits, whoever gives them back. So it keeps its session from moving only if
 * those who cannot move have too many of them: of all that were found, those who could go on are taken out again until
 * nothing changes. Only what is left then is a cycle; to have come to a session twice is none.
 *
 * <p>No cost when the session has nothing but the ticket, and next to none when the few in front of it wait for nothing
 * else. Else it looks once at each ticket in line that stands behind a grant of a session that waits, directly or not,
 * for the asking one; with semaphores among them, once more in each round at the lines in which those that are left
 * wait. Each look is a step, and there is a bound on steps: a search that reaches it finds nothing, and the ticket
 * waits as if there was no cycle. Every replica comes to the same answer, and to a shortest cycle.
 */
final class Deadlocks {

    /** How many grants in front are looked at before the search begins at the session's end. */
    private static final int LOOKS = 64;

    private final Grant ticket;
    private final Session asker;

    /** By session id, in the order in which they were found. */
    private final Map<Long, Link> found = new LinkedHashMap<>();

    private final ArrayDeque<Link> unseen = new ArrayDeque<>();
    private final Map<String, Seen> seen = new LinkedHashMap<>();
    private boolean semaphores;

    /** Looks that are left; below 0 the search is over without an answer. */
    private int left;

    /**
     * What a search found.
     *
     * @param cycle begins with the session of the ticket; empty when there is none, or none was found in time
     * @param complete whether the answer is one: not when there were more places to look at than it may
     * @param steps how many places were looked at
     */
    record Search(List<WaitsFor> cycle, boolean complete, int steps) {}

    /** The session of the grant waits at a place in line for a grant of the next link, or of the asker at the end. */
    private record Link(Place waits, @Nullable Link next) {

        Session session() {
            return waits.grant.session;
        }
    }

    /** From which slot on a line was looked at: for tickets of any mode, and for exclusive ones. */
    private static final class Seen {
        int all = Integer.MAX_VALUE;
        int exclusive = Integer.MAX_VALUE;
    }

    private Deadlocks(Grant ticket, int steps) {
        this.ticket = ticket;
        this.asker = ticket.session;
        this.left = steps;
    }

    /**
     * Looks for the cycle that a ticket in line closes.
     *
     * @param steps how many places may be looked at
     */
    static Search of(Grant ticket, int steps) {
        if ((ticket.session.first == ticket && ticket.session.last == ticket) || isPlain(ticket)) {
            return new Search(List.of(), true, 0);
        }
        Deadlocks deadlocks = new Deadlocks(ticket, steps);
        Link closing = deadlocks.search(null);
        if (closing != null && deadlocks.semaphores) {
            Set<Long> stuck = deadlocks.stuck();
            closing = stuck.contains(ticket.session.id) ? deadlocks.search(stuck) : null;
        }
        boolean complete = deadlocks.left >= 0;
        return new Search(closing == null || !complete ? List.of() : told(closing), complete, steps - deadlocks.left);
    }

    /** Takes one of the looks that are left. */
    private boolean mayLook() {
        left -= left < 0 ? 0 : 1;
        return left >= 0;
    }

    /**
     * Returns whether a few looks ahead show that nobody in front waits for anything else: the holders for nothing, and
     * the tickets for these lines alone. Then no way leads back, however much the session has.
     */
    private static boolean isPlain(Grant ticket) {
        int looks = 0;
        for (int i = 0; i < ticket.size(); i++) {
            Place place = ticket.place(i);
            WaitQueue queue = place.lock.queue;
            if (place.open || queue == null) {
                continue;
            }
            for (Place other = place.lock.first; other != null; other = other.next) {
                Session session = other.grant.session;
                if (++looks > LOOKS || session == ticket.session || session.waiting > 0) {
                    return false;
                }
            }
            Place other = queue.between(0, place.slot);
            for (; other != null; other = queue.between(other.slot + 1, place.slot)) {
                Session session = other.grant.session;
                boolean elsewhere = session.waiting > 1 || other.grant.size() > 1;
                if (++looks > LOOKS || session == ticket.session || elsewhere) {
                    return false;
                }
            }
        }
        return true;
    }

    private static List<WaitsFor> told(Link closing) {
        List<WaitsFor> cycle = new ArrayList<>();
        for (Link link = closing; link != null; link = link.next) {
            Session session = link.session();
            cycle.add(new WaitsFor(session.id, session.name, link.waits.grant.id, link.waits.lock.name));
        }
        return cycle;
    }

    /**
     * Follows the waits backwards, from the asker to those who wait for it, until the asker itself is one of them.
     *
     * @param within only over these sessions; null for all, and then everybody who waits for the asker is found
     * @return the asker's own wait with the rest of the cycle behind it, null when there is no cycle
     */
    private @Nullable Link search(@Nullable Set<Long> within) {
        found.clear();
        unseen.clear();
        seen.clear();
        Link closing = null;
        for (Grant grant = asker.first; grant != null && mayLook(); grant = grant.next) {
            if (grant != ticket && !isStranger(grant)) {
                whoWaitsFor(grant, null, within);
            }
        }
        while (!unseen.isEmpty() && left >= 0) {
            Link link = unseen.remove();
            for (Grant grant = link.session().first; grant != null && mayLook(); grant = grant.next) {
                if (closing == null) {
                    closing = closedBy(grant, link);
                }
                whoWaitsFor(grant, link, within);
            }
            if (closing != null && !semaphores) {
                return closing;
            }
        }
        return closing;
    }

    /** Returns whether a grant of the asking session belongs to another actor in it. */
    private boolean isStranger(Grant grant) {
        for (int i = 0; i < ticket.size(); i++) {
            Place wanted = ticket.place(i);
            Place own = grant.at(wanted.lock);
            boolean readerThatWantsToWrite =
                    own != null && grant.held() && own.mode == Mode.SHARED && wanted.mode == Mode.EXCLUSIVE;
            if (own != null && !readerThatWantsToWrite) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Link closedBy(Grant grant, Link link) {
        for (int i = 0; i < ticket.size(); i++) {
            Place other = grant.at(ticket.place(i).lock);
            if (other != null && waits(ticket.place(i), other)) {
                return new Link(ticket.place(i), link);
            }
        }
        return null;
    }

    private static boolean waits(Place place, Place other) {
        WaitQueue queue = place.lock.queue;
        if (place.open || queue == null || !place.conflicts(other)) {
            return false;
        }
        return other.grant.held() || queue.position(other) < queue.position(place);
    }

    private void whoWaitsFor(Grant grant, @Nullable Link link, @Nullable Set<Long> within) {
        for (int i = 0; i < grant.size() && mayLook(); i++) {
            Place place = grant.place(i);
            WaitQueue queue = place.lock.queue;
            if (queue != null) {
                semaphores |= place.lock.asked > 0;
                // The open ones wait for nobody here.
                int from = Math.max(queue.slotOf(queue.open + 1), grant.held() ? 0 : place.slot + 1);
                whoWaits(place, from, link, within);
            }
        }
    }

    private void whoWaits(Place place, int from, @Nullable Link link, @Nullable Set<Long> within) {
        WaitQueue queue = place.lock.queue;
        Seen line = seen.computeIfAbsent(place.lock.name, name -> new Seen());
        boolean exclusiveOnly = place.mode == Mode.SHARED;
        int before = exclusiveOnly ? line.exclusive : line.all;
        Place other = queue == null ? null : queue.between(from, before);
        while (queue != null && other != null && mayLook()) {
            if (!exclusiveOnly || other.mode == Mode.EXCLUSIVE) {
                find(other, link, within);
            }
            other = queue.between(other.slot + 1, before);
        }
        line.exclusive = Math.min(line.exclusive, from);
        line.all = exclusiveOnly ? line.all : Math.min(line.all, from);
    }

    private void find(Place waits, @Nullable Link link, @Nullable Set<Long> within) {
        Session session = waits.grant.session;
        if (session.ending != null) {
            // It gives back all that it has without getting what it waits for.
            return;
        }
        if (session != asker && (within == null || within.contains(session.id)) && !found.containsKey(session.id)) {
            Link next = new Link(waits, link);
            found.put(session.id, next);
            unseen.add(next);
        }
    }

    /** Returns those of the found sessions, and the asker, that cannot move while none of the others does. */
    private Set<Long> stuck() {
        Set<Long> stuck = new LinkedHashSet<>(found.keySet());
        stuck.add(asker.id);
        Set<Lock> lines = lines();
        int before;
        do {
            before = stuck.size();
            Set<Long> still = new LinkedHashSet<>();
            for (Lock line : lines) {
                new Line(stuck).walk(line, still);
            }
            stuck.retainAll(still);
        } while (stuck.size() < before && stuck.contains(asker.id) && left >= 0);
        return stuck;
    }

    /** Returns the locks at which the found sessions wait, and those at which the ticket does. */
    private Set<Lock> lines() {
        Set<Lock> lines = new LinkedHashSet<>();
        addLines(ticket, lines);
        for (Link link : found.values()) {
            for (Grant grant = link.session().first; grant != null && mayLook(); grant = grant.next) {
                if (!grant.held()) {
                    addLines(grant, lines);
                }
            }
        }
        return lines;
    }

    private void addLines(Grant waits, Set<Lock> lines) {
        for (int i = 0; i < waits.size() && mayLook(); i++) {
            if (!waits.place(i).open) {
                lines.add(waits.place(i).lock);
            }
        }
    }

    /**
     * One walk along a lock's holders and its line, which says at each place what those ahead of it would have to give
     * back.
     */
    private final class Line {

        private final Set<Long> among;
        private final Taken all = new Taken();
        private final Map<Long, Taken> bySession = new LinkedHashMap<>();

        Line(Set<Long> among) {
            this.among = among;
        }

        /** Adds the sessions that are kept waiting here by others of those that do not move. */
        void walk(Lock lock, Set<Long> stuck) {
            for (Place other = lock.first; other != null && mayLook(); other = other.next) {
                pass(other);
            }
            WaitQueue queue = lock.queue;
            Place place = queue == null ? null : queue.between(0, Integer.MAX_VALUE);
            while (queue != null && place != null && mayLook()) {
                Session session = place.grant.session;
                boolean counts = session != asker || place.grant == ticket;
                if (counts && among.contains(session.id) && !place.open && keeps(place)) {
                    stuck.add(session.id);
                }
                pass(place);
                place = queue.between(place.slot + 1, Integer.MAX_VALUE);
            }
        }

        private void pass(Place place) {
            long session = place.grant.session.id;
            if (among.contains(session)) {
                all.add(place);
                bySession.computeIfAbsent(session, id -> new Taken()).add(place);
            }
        }

        private boolean keeps(Place place) {
            Taken own = bySession.getOrDefault(place.grant.session.id, Taken.NOTHING);
            if (place.lock.asked > 0) {
                return all.permits - own.permits > place.lock.limit() - place.permits;
            }
            return place.mode == Mode.EXCLUSIVE ? all.places > own.places : all.exclusive > own.exclusive;
        }
    }

    /** What places have, added up. */
    private static final class Taken {

        static final Taken NOTHING = new Taken();

        private long permits;
        private int places;
        private int exclusive;

        void add(Place place) {
            permits += place.permits;
            places++;
            exclusive += place.mode == Mode.EXCLUSIVE ? 1 : 0;
        }
    }
}
