package io.holdfast.simulator.world;

import java.util.PriorityQueue;

/** True time: runs what was scheduled in order of time, ties in the order in which they were scheduled. */
final class Scheduler {

    private static final class Event implements Comparable<Event> {
        final long at;
        final long sequence;
        final Runnable action;

        Event(long at, long sequence, Runnable action) {
            this.at = at;
            this.sequence = sequence;
            this.action = action;
        }

        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(sequence, other.sequence);
        }
    }

    static final long MILLI = 1_000_000;

    private final PriorityQueue<Event> events = new PriorityQueue<>(256);
    private long now;
    private long sequence;
    private long hash;

    /** Returns the true time in nanoseconds since the world began. */
    long now() {
        return now;
    }

    /** Returns how many events were scheduled. */
    long count() {
        return sequence;
    }

    /** Mixes something that happened into the hash that identifies a run; never a hash code of an object. */
    void note(long what) {
        hash = (hash ^ what) * 0x9E37_79B9_7F4A_7C15L + Long.rotateLeft(now, 17);
    }

    long hash() {
        return hash;
    }

    void at(long time, Runnable action) {
        events.add(new Event(Math.max(now, time), sequence++, action));
    }

    void after(long nanos, Runnable action) {
        at(now + nanos, action);
    }

    void afterMillis(long millis, Runnable action) {
        at(now + millis * MILLI, action);
    }

    /** Runs the next event if it is due by {@code end}; returns whether there was one. */
    boolean step(long end) {
        Event next = events.peek();
        if (next == null || next.at > end) {
            now = Math.max(now, end);
            return false;
        }
        events.remove();
        now = next.at;
        next.action.run();
        return true;
    }
}
