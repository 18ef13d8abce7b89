package io.holdfast.server.stream;

import java.util.ArrayDeque;
import java.util.Queue;

/** Lets so many readers have the present state read for them at a time; the others wait in line. For any thread. */
final class RepairDesk {

    private final int max;
    private final Queue<Runnable> line = new ArrayDeque<>();
    private int busy;

    RepairDesk(int max) {
        this.max = max;
    }

    /** Runs {@code turn}, now or when somebody has left; whoever had a turn must {@link #leave}. */
    void enter(Runnable turn) {
        synchronized (line) {
            if (busy >= max) {
                line.add(turn);
                return;
            }
            busy++;
        }
        turn.run();
    }

    void leave() {
        Runnable next;
        synchronized (line) {
            next = line.poll();
            if (next == null) {
                busy--;
                return;
            }
        }
        next.run();
    }
}
