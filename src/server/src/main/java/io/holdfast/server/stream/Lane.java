package io.holdfast.server.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The readers of one event loop. What is committed wakes a lane once, however much it is and however many readers there
 * are; they are served in slices, so that nothing else of the loop waits for long. On its context, except
 * {@link #wake}.
 */
final class Lane {

    private static final int READERS_IN_A_TURN = 64;

    private final Executor turns;
    private final List<EventReader> readers = new ArrayList<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile boolean occupied;
    private boolean passing;

    /** There was news during a pass. */
    private boolean again;

    /** Creates one whose work is done in turns of one event loop. */
    Lane(Executor turns) {
        this.turns = turns;
    }

    /** Has every reader look for news; any thread. */
    void wake() {
        if (occupied && woken.compareAndSet(false, true)) {
            turns.execute(() -> {
                // From here on news need a pass of their own: a reader may have been served when they come.
                woken.set(false);
                if (!passing) {
                    passing = true;
                    pass(0);
                } else {
                    again = true;
                }
            });
        }
    }

    private void pass(int from) {
        int to = Math.min(readers.size(), from + READERS_IN_A_TURN);
        for (int i = from; i < to; i++) {
            served(readers.get(i), EventReader::pump);
        }
        if (to < readers.size()) {
            turns.execute(() -> pass(to));
            return;
        }
        readers.removeIf(EventReader::isOver);
        occupied = !readers.isEmpty();
        passing = again;
        again = false;
        if (passing) {
            turns.execute(() -> pass(0));
        }
    }

    void add(EventReader reader) {
        readers.add(reader);
        occupied = true;
    }

    /** Forgets those that are over; a pass does it at its end. */
    void remove(EventReader reader) {
        if (!passing) {
            readers.remove(reader);
            occupied = !readers.isEmpty();
        }
    }

    /** Has something done for a reader in a turn of its own. */
    void later(EventReader reader, Consumer<EventReader> service) {
        turns.execute(() -> served(reader, service));
    }

    /** Has something done in a turn of its own. */
    void later(Runnable action) {
        turns.execute(action);
    }

    /** The node is about to end, and so are its readers. */
    void leave() {
        List.copyOf(readers).forEach(reader -> served(reader, EventReader::leave));
    }

    /** Does what time brings for its readers. */
    void tick(long nowNanos) {
        for (EventReader reader : List.copyOf(readers)) {
            served(reader, known -> known.tick(nowNanos));
        }
    }

    /** A defect that one reader meets ends that reader, and nothing else. */
    private static void served(EventReader reader, Consumer<EventReader> service) {
        try {
            service.accept(reader);
        } catch (RuntimeException defect) {
            reader.fail(defect);
        }
    }
}
