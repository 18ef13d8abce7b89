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

    private @Nullable Grant[] slots = new Grant[CAPACITY_MIN];
    /**
     * One-based: {@code counts[i]} is how many slots of the range of length {@code lowest bit of i} ending at i are
     * used.
     */
    private int[] counts = new int[CAPACITY_MIN + 1];

    /** The next free slot; no slot from here on is used. */
    private int end;

    private int size;

    int size() {
        return size;
    }

    void add(Grant grant) {
        if (end == slots.length) {
            resize(size > slots.length / 2 ? slots.length * 2 : slots.length);
        }
        grant.slot = end++;
        slots[grant.slot] = grant;
        count(grant.slot, 1);
        size++;
    }

    void remove(Grant grant) {
        if (slots[grant.slot] != grant) {
            throw new IllegalStateException(grant.id + " is not in the queue it is taken from");
        }
        slots[grant.slot] = null;
        count(grant.slot, -1);
        size--;
        if (slots.length > CAPACITY_MIN && size < slots.length / 4) {
            resize(slots.length / 2);
        }
    }

    /** Returns the ticket's place, 1 for the first. */
    int position(Grant grant) {
        int before = 0;
        for (int i = grant.slot + 1; i > 0; i -= i & -i) {
            before += counts[i];
        }
        return before;
    }

    /** Returns the ticket at a position from 1 to {@link #size}. */
    Grant at(int position) {
        int slot = 0;
        int left = position;
        for (int step = Integer.highestOneBit(slots.length); step > 0; step >>= 1) {
            if (slot + step < counts.length && counts[slot + step] < left) {
                slot += step;
                left -= counts[slot];
            }
        }
        Grant grant = slot < end ? slots[slot] : null;
        if (grant == null || position < 1) {
            throw new IllegalStateException("no ticket at position " + position + " of " + size);
        }
        return grant;
    }

    private void count(int slot, int by) {
        for (int i = slot + 1; i < counts.length; i += i & -i) {
            counts[i] += by;
        }
    }

    /** Moves all tickets together into a new array, in order. */
    private void resize(int capacity) {
        @Nullable Grant[] old = slots;
        int oldEnd = end;
        slots = new Grant[capacity];
        counts = new int[capacity + 1];
        end = 0;
        for (Grant grant : Arrays.asList(old).subList(0, oldEnd)) {
            if (grant != null) {
                grant.slot = end;
                slots[end++] = grant;
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
