package io.holdfast.simulator.scope;

/** Numbers that were seen; a table that grows, since a scope has millions of states. */
final class LongSet {

    private long[] table = new long[1 << 16];
    private int size;

    /** Adds a number other than 0; returns whether it is new. */
    boolean add(long value) {
        if (2 * size > table.length) {
            grow();
        }
        int at = place(table, value);
        if (table[at] == value) {
            return false;
        }
        table[at] = value;
        size++;
        return true;
    }

    int size() {
        return size;
    }

    private void grow() {
        long[] larger = new long[2 * table.length];
        for (long value : table) {
            if (value != 0) {
                larger[place(larger, value)] = value;
            }
        }
        table = larger;
    }

    private static int place(long[] table, long value) {
        int at = (int) (value ^ value >>> 32) & table.length - 1;
        while (table[at] != 0 && table[at] != value) {
            at = at + 1 & table.length - 1;
        }
        return at;
    }
}
