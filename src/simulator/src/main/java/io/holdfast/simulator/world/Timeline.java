package io.holdfast.simulator.world;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What happened, line by line, for people; kept only when somebody wants to read it. */
public final class Timeline {

    private static final int LINES_MAX = 400_000;

    private final Deque<String> lines = new ArrayDeque<>();
    private final boolean on;

    Timeline(boolean on) {
        this.on = on;
    }

    /** Returns whether lines are kept: nobody formats one otherwise. */
    boolean isOn() {
        return on;
    }

    void add(long nanos, String who, String what) {
        if (lines.size() == LINES_MAX) {
            lines.removeFirst();
        }
        lines.add(String.format("%12.3f ms  %-9s %s", nanos / 1e6, who, what));
    }

    /** Returns the last lines. */
    public List<String> last(int count) {
        return lines.stream().skip(Math.max(0, lines.size() - count)).toList();
    }
}
