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
 * for the asking one; with semaphores among them, at those of the left again in each round. Every replica comes to the
 * same cycle, and to a shortest one.
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

    private Deadlocks(Grant ticket) {
        this.ticket = ticket;
        this.asker = ticket.session;
    }

    /** Returns the cycle that a ticket in line closes, beginning with its own session; empty when there is none. */
    static List<WaitsFor> cycleOf(Grant ticket) {
        if ((ticket.session.first == ticket && ticket.session.last == ticket) || isPlain(ticket)) {
            return List.of();
        }
        Deadlocks deadlocks = new Deadlocks(ticket);
        Link closing = deadlocks.search(null);
        if (closing != null && deadlocks.semaphores) {
            Set<Long> stuck = deadlocks.stuck();
            closing = stuck.contains(ticket.session.id) ? deadlocks.search(stuck) : null;
        }
        return closing == null ? List.of() : told(closing);
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
        for (Grant grant = asker.first; grant != null; grant = grant.next) {
            if (grant != ticket && !isStranger(grant)) {
                whoWaitsFor(grant, null, within);
            }
        }
        while (!unseen.isEmpty()) {
            Link link = unseen.remove();
            for (Grant grant = link.session().first; grant != null; grant = grant.next) {
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
        for (int i = 0; i < grant.size(); i++) {
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
        while (queue != null && other != null) {
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
        int before;
        do {
            before = stuck.size();
            for (Link link : found.values()) {
                if (stuck.contains(link.session().id) && !isStuck(link.session(), stuck)) {
                    stuck.remove(link.session().id);
                }
            }
            if (!isStuck(ticket, stuck)) {
                stuck.remove(asker.id);
            }
        } while (stuck.size() < before && stuck.contains(asker.id));
        return stuck;
    }

    private static boolean isStuck(Session session, Set<Long> among) {
        for (Grant grant = session.first; grant != null; grant = grant.next) {
            if (!grant.held() && isStuck(grant, among)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isStuck(Grant grant, Set<Long> among) {
        for (int i = 0; i < grant.size(); i++) {
            if (!grant.place(i).open && isStuck(grant.place(i), among)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isStuck(Place place, Set<Long> among) {
        Lock lock = place.lock;
        int enough = lock.asked > 0 ? lock.limit() - place.permits + 1 : 1;
        int taken = 0;
        for (Place other = lock.first; other != null && taken < enough; other = other.next) {
            taken += taken(place, other, among);
        }
        WaitQueue queue = lock.queue;
        Place other = queue == null ? null : queue.between(0, place.slot);
        while (queue != null && other != null && taken < enough) {
            taken += taken(place, other, among);
            other = queue.between(other.slot + 1, place.slot);
        }
        return taken >= enough;
    }

    private static int taken(Place place, Place other, Set<Long> among) {
        Session session = other.grant.session;
        boolean counts = session != place.grant.session && among.contains(session.id) && place.conflicts(other);
        return counts ? other.permits : 0;
    }
}
