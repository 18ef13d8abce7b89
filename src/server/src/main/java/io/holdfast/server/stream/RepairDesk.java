package io.holdfast.server.stream;

import io.holdfast.lock.LockTable;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many readers have the present state read for them at a time, while the others wait in line, and has all of
 * them together read no more than a share of the time of the node's thread. For any thread.
 */
final class RepairDesk {

    /** For each time that a page takes, the node's thread has so many times as long for everything else. */
    private static final int REST = 9;

    /** A rest below this is not worth a timer: it is added to the next one. */
    private static final long LEAST_REST_NANOS = 1_000_000;

    private final int max;
    private final Source source;
    private final LongSupplier nanos;
    private final Set<Turn> line = new LinkedHashSet<>();
    private final Queue<Consumer<LockTable>> pages = new ArrayDeque<>();
    private final LongAdder resets = new LongAdder();
    private int busy;

    /** A page is being read, or the node's thread rests from one. */
    private boolean reading;

    private long restUntil;

    RepairDesk(int max, Source source, LongSupplier nanos) {
        this.max = max;
        this.source = source;
        this.nanos = nanos;
        this.restUntil = nanos.getAsLong();
    }

    /** The turn of one reader, which may wait for it. */
    final class Turn {
        private final Runnable begins;
        private boolean over;

        private Turn(Runnable begins) {
            this.begins = begins;
        }

        /** Gives it up, in line or at the desk; without effect when that was done before. */
        void leave() {
            Turn next = null;
            synchronized (line) {
                if (over) {
                    return;
                }
                over = true;
                if (!line.remove(this)) {
                    busy--;
                    next = next();
                }
            }
            if (next != null) {
                next.begins.run();
            }
        }
    }

    private @Nullable Turn next() {
        var waiting = line.iterator();
        if (busy >= max || !waiting.hasNext()) {
            return null;
        }
        Turn first = waiting.next();
        waiting.remove();
        busy++;
        return first;
    }

    /** Gets in line; {@code begins} runs, now or when others have left, unless the turn was given up before. */
    Turn enter(Runnable begins) {
        Turn turn = new Turn(begins);
        boolean now;
        synchronized (line) {
            line.add(turn);
            now = next() == turn;
        }
        if (now) {
            begins.run();
        }
        return turn;
    }

    /** Has a page read on the node's context, after those of others. */
    void page(Consumer<LockTable> read) {
        synchronized (line) {
            pages.add(read);
            if (reading) {
                return;
            }
            reading = true;
        }
        readNext();
    }

    private void readNext() {
        Consumer<LockTable> read;
        long rest;
        synchronized (line) {
            if (pages.isEmpty()) {
                reading = false;
                return;
            }
            rest = restUntil - nanos.getAsLong();
            if (rest < LEAST_REST_NANOS) {
                read = pages.remove();
            } else {
                read = null;
            }
        }
        if (read == null) {
            source.after(rest, this::readNext);
        } else {
            source.onNode(table -> read(read, table));
        }
    }

    private void read(Consumer<LockTable> read, LockTable table) {
        long began = nanos.getAsLong();
        try {
            read.accept(table);
        } finally {
            long now = nanos.getAsLong();
            synchronized (line) {
                long from = Math.max(restUntil, now);
                restUntil = from + REST * (now - began);
            }
            readNext();
        }
    }

    /** Counts a reader that was told to forget what it knows. */
    void reset() {
        resets.increment();
    }

    /** Returns how many readers are given the present state. */
    int running() {
        synchronized (line) {
            return busy;
        }
    }

    /** Returns how many readers wait for their turn. */
    int waiting() {
        synchronized (line) {
            return line.size();
        }
    }

    /** Returns how often a reader was told to forget what it knows. */
    long resets() {
        return resets.sum();
    }
}
