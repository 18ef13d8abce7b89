package io.holdfast.zab.ensemble;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Virtual time: runs what was scheduled in order of time, ties in the order in which they were scheduled. */
final class Scheduler {

    private record Event(long at, long sequence, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::sequence));
    private final Random random;
    private long now;
    private long sequence;
    private long hash;

    Scheduler(long seed) {
        random = new Random(seed);
    }

    Random random() {
        return random;
    }

    long now() {
        return now;
    }

    /** Mixes something that happened into the hash that identifies a run. */
    void note(long what) {
        hash = (hash ^ what) * 0x9E37_79B9_7F4A_7C15L + Long.rotateLeft(now, 17);
    }

    long hash() {
        return hash;
    }

    void at(long time, Runnable action) {
        events.add(new Event(Math.max(now, time), sequence++, action));
    }

    void afterMicros(long micros, Runnable action) {
        at(now + TimeUnit.MICROSECONDS.toNanos(micros), action);
    }

    void afterMillis(long millis, Runnable action) {
        at(now + TimeUnit.MILLISECONDS.toNanos(millis), action);
    }

    /** Runs the next event if it is due by {@code end}; returns whether there was one. */
    boolean step(long end) {
        Event next = events.peek();
        if (next == null || next.at() > end) {
            now = Math.max(now, end);
            return false;
        }
        events.remove();
        now = next.at();
        next.action().run();
        return true;
    }
}
