package io.holdfast.lock;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A lock in use: its holders and its line. One that nobody uses has no object.
 *
 * <p>The line moves by one rule: nobody is granted who would delay a ticket ahead. So the tickets that could have the
 * lock now are always a beginning of the line, the open ones: the first exclusive ticket when nobody holds the lock,
 * the shared ones before the first exclusive one when no exclusive holder has it, and on a semaphore those whose
 * permits, added up from the head of the line, fit into what the holders leave. An open place stays open until its
 * ticket is granted or leaves: whoever is granted before it was counted when it opened. Three things take that back: a
 * delay, while which nothing is open, a hand-over to a ticket that was asked for and so moved ahead, and another limit.
 * A ticket that stands in several lines (a lock set) is granted when all its places are open; until then its open
 * places keep what it will need, and it holds nothing. Neither side starves: a set is not overtaken by single tickets
 * that come later, and it overtakes none.
 */
final class Lock {

    final String name;

    /** Permits of a semaphore as its first ticket named them; 0 for a lock with the modes exclusive and shared. */
    final int asked;

    /** Permits that the semaphore has since its limit was set; 0 while that of the first ticket is in force. */
    int set;

    /** Holders in the order of their tokens. */
    @Nullable
    Place first;

    @Nullable
    Place last;

    /** Permits that the holders have; their number when this is no semaphore. */
    int used;

    /** Null while nobody waits. */
    @Nullable
    WaitQueue queue;

    /** Null while nothing but holders and line decides. */
    @Nullable
    Closed closed;

    Lock(String name, int asked) {
        this.name = name;
        this.asked = asked;
    }

    /** Returns the permits of a semaphore; 0 for a lock with the modes exclusive and shared. */
    int limit() {
        return set == 0 ? asked : set;
    }

    boolean hasSetLimit() {
        return set != 0;
    }

    /** Returns whether a ticket may name this limit: once it was set, any of a semaphore. */
    boolean accepts(int named) {
        return set == 0 ? named == asked : named > 0;
    }

    /**
     * Returns the first grant, holders before tickets, that has or wants more permits; null when there is none. O(n)
     * for n of them.
     */
    @Nullable
    String firstWithMoreThan(int permits) {
        for (Place place = first; place != null; place = place.next) {
            if (place.permits > permits) {
                return place.grant.id;
            }
        }
        WaitQueue line = queue;
        return line == null ? null : line.firstWithMoreThan(permits);
    }

    int waiting() {
        return queue == null ? 0 : queue.size();
    }

    boolean idle() {
        return first == null && queue == null && closed == null;
    }

    /** Returns how many in line could have the lock now. */
    int open() {
        return queue == null ? 0 : queue.open;
    }

    /** Returns whether a ticket that comes now could have the lock at once. */
    boolean admits(Mode mode, int permits) {
        return open() == waiting() && fits(mode, permits);
    }

    /** Returns whether a place directly behind the open ones is open too. */
    private boolean fits(Mode mode, int permits) {
        if (closed != null) {
            return false;
        }
        if (asked > 0) {
            return used + (queue == null ? 0 : queue.reserved) + permits <= limit();
        }
        if (mode == Mode.EXCLUSIVE) {
            return first == null && open() == 0;
        }
        boolean held = first != null && first.mode == Mode.EXCLUSIVE;
        return !held && (queue == null || queue.open == 0 || queue.at(1).mode == Mode.SHARED);
    }

    /** Closes the open places: what they were promised is not there any more, or has to be counted anew. */
    void closePlaces() {
        for (int i = 1; queue != null && i <= queue.open; i++) {
            queue.at(i).open = false;
        }
        if (queue != null) {
            queue.open = 0;
            queue.reserved = 0;
        }
    }

    /** Opens the next place in line if it may be; to be called until the answer is null. */
    @Nullable
    Place openNext() {
        if (queue == null || queue.open == queue.size()) {
            return null;
        }
        Place place = queue.at(queue.open + 1);
        if (!fits(place.mode, place.permits)) {
            return null;
        }
        place.open = true;
        queue.open++;
        queue.reserved += place.permits;
        return place;
    }

    void enqueue(Place place) {
        if (queue == null) {
            queue = new WaitQueue();
        }
        queue.add(place);
    }

    void dequeue(Place place) {
        if (queue == null) {
            throw new IllegalStateException(place.grant.id + " waits for " + name + ", which has no queue");
        }
        queue.remove(place);
        if (place.open) {
            place.open = false;
            queue.open--;
            queue.reserved -= place.permits;
        }
        if (queue.size() == 0) {
            queue = null;
        }
    }

    void hold(Place place) {
        place.previous = last;
        if (last == null) {
            first = place;
        } else {
            last.next = place;
        }
        last = place;
        used += place.permits;
    }

    void leave(Place place) {
        if (place.previous == null) {
            first = place.next;
        } else {
            place.previous.next = place.next;
        }
        if (place.next == null) {
            last = place.previous;
        } else {
            place.next.previous = place.previous;
        }
        place.previous = null;
        place.next = null;
        used -= place.permits;
    }

    /** Returns the first holders, in the order of their tokens. */
    List<GrantView> holders(int max) {
        List<GrantView> views = new ArrayList<>();
        for (Place place = first; place != null && views.size() < max; place = place.next) {
            views.add(place.grant.view());
        }
        return views;
    }

    /** Returns its holders, then those in line. */
    List<GrantView> grants() {
        List<GrantView> views = holders(Integer.MAX_VALUE);
        for (int i = 1; queue != null && i <= queue.size(); i++) {
            views.add(queue.at(i).grant.view());
        }
        return views;
    }

    /** Returns the first grants with tickets above one, holders and those in line, in the order of tickets. */
    List<Presence> presences(long afterTicket, int limit) {
        var lowest = new PriorityQueue<Place>(
                Comparator.comparingLong((Place place) -> place.grant.ticket).reversed());
        for (Place place = first; place != null; place = place.next) {
            if (place.grant.ticket > afterTicket) {
                lowest.add(place);
                if (lowest.size() > limit) {
                    lowest.remove();
                }
            }
        }
        if (queue != null) {
            int from = queue.firstAbove(afterTicket);
            for (int i = from; i <= Math.min(queue.size(), from + (long) limit - 1); i++) {
                lowest.add(queue.at(i));
            }
        }
        while (lowest.size() > limit) {
            lowest.remove();
        }
        Presence[] inOrder = new Presence[lowest.size()];
        for (int i = inOrder.length - 1; i >= 0; i--) {
            inOrder[i] = Presence.of(lowest.remove());
        }
        return List.of(inOrder);
    }

    LockView view(int holdersShown, int waitersShown) {
        List<GrantView> waiters = new ArrayList<>();
        for (int i = 1; queue != null && i <= Math.min(waitersShown, queue.size()); i++) {
            waiters.add(queue.at(i).grant.view());
        }
        long delay = closed == null ? 0 : closed.millis();
        int permits = Math.max(1, limit());
        return new LockView(name, mode(), permits, holders(holdersShown), used, waiters, waiting(), promised(), delay);
    }

    /** Returns the first tickets whose places here are open: they wait for other locks only, and are kept this one. */
    private List<String> promised() {
        List<String> ids = new ArrayList<>();
        for (int i = 1; i <= Math.min(open(), Limits.HOLDERS_LISTED); i++) {
            ids.add(Objects.requireNonNull(queue).at(i).grant.id);
        }
        return ids;
    }

    private Mode mode() {
        if (asked > 0) {
            return Mode.SEMAPHORE;
        }
        Place one = first == null && queue != null ? queue.at(1) : first;
        return one == null ? Mode.EXCLUSIVE : one.mode;
    }
}
