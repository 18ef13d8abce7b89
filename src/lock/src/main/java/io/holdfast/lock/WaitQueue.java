package io.holdfast.lock;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tickets in line for one lock, in the order in which they came.
 *
 * <p>Slots in an array with a Fenwick tree that counts those in use: a ticket may leave from anywhere, and its position
 * is known at any time, both in O(log n); adding is O(log n) amortized. At most 8 bytes for each slot, and at most four
 * slots for each ticket.
 */
final class WaitQueue {

    private static final int CAPACITY_MIN = 4;

    private @Nullable Place[] slots = new Place[CAPACITY_MIN];
    /**
     * One-based: {@code counts[i]} is how many slots of the range of length {@code lowest bit of i} ending at i are
     * used.
     */
    private int[] counts = new int[CAPACITY_MIN + 1];

    /** The next free slot; no slot from here on is used. */
    private int end;

    private int size;

    /** How many at the beginning of the line are open; kept by the lock, which is told of everybody that leaves. */
    int open;

    /** Permits of the open ones. */
    int reserved;

    int size() {
        return size;
    }

    void add(Place place) {
        if (end == slots.length) {
            resize(size > slots.length / 2 ? slots.length * 2 : slots.length);
        }
        place.slot = end++;
        slots[place.slot] = place;
        count(place.slot, 1);
        size++;
    }

    void remove(Place place) {
        if (slots[place.slot] != place) {
            throw new IllegalStateException(place.grant.id + " is not in the queue it is taken from");
        }
        slots[place.slot] = null;
        count(place.slot, -1);
        size--;
        if (slots.length > CAPACITY_MIN && size < slots.length / 4) {
            resize(slots.length / 2);
        }
    }

    /** Returns the ticket's place, 1 for the first. */
    int position(Place place) {
        int before = 0;
        for (int i = place.slot + 1; i > 0; i -= i & -i) {
            before += counts[i];
        }
        return before;
    }

    /** Returns the ticket at a position from 1 to {@link #size}. */
    Place at(int position) {
        int slot = 0;
        int left = position;
        for (int step = Integer.highestOneBit(slots.length); step > 0; step >>= 1) {
            if (slot + step < counts.length && counts[slot + step] < left) {
                slot += step;
                left -= counts[slot];
            }
        }
        Place place = slot < end ? slots[slot] : null;
        if (place == null || position < 1) {
            throw new IllegalStateException("no ticket at position " + position + " of " + size);
        }
        return place;
    }

    /** Returns the position of the first ticket above a number, in whose order the tickets are; or that of the end. */
    int firstAbove(long ticket) {
        int low = 1;
        int high = size + 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (at(middle).grant.ticket > ticket) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Returns the slot of a position from 1 to {@link #size} + 1; the last of them is where the next ticket comes. */
    int slotOf(int position) {
        return position > size ? end : at(position).slot;
    }

    /** Returns the first ticket in a slot from here on and before another, null when there is none. */
    @Nullable
    Place between(int from, int before) {
        for (int slot = from; slot < Math.min(before, end); slot++) {
            Place place = slots[slot];
            if (place != null) {
                return place;
            }
        }
        return null;
    }

    /** Returns the first ticket that wants more permits; null when there is none. O(n) for n tickets. */
    @Nullable
    String firstWithMoreThan(int permits) {
        for (int slot = 0; slot < end; slot++) {
            Place place = slots[slot];
            if (place != null && place.permits > permits) {
                return place.grant.id;
            }
        }
        return null;
    }

    private void count(int slot, int by) {
        for (int i = slot + 1; i < counts.length; i += i & -i) {
            counts[i] += by;
        }
    }

    /** Moves all tickets together into a new array, in order. */
    private void resize(int capacity) {
        @Nullable Place[] old = slots;
        int oldEnd = end;
        slots = new Place[capacity];
        counts = new int[capacity + 1];
        end = 0;
        for (Place place : Arrays.asList(old).subList(0, oldEnd)) {
            if (place != null) {
                place.slot = end;
                slots[end++] = place;
            }
        }
        for (int i = 1; i <= capacity; i++) {
            counts[i] += i <= end ? 1 : 0;
            int parent = i + (i & -i);
            if (parent <= capacity) {
                counts[parent] += counts[i];
            }
        }
    }
}
