package io.holdfast.lock;

import java.util.List;

/**
 * Why a ticket is in line.
 *
 * @param grant the ticket
 * @param lines each of its locks that it waits for
 * @param cycle the sessions that wait for each other through it; empty when there are none, as it should be
 * @param searched whether all was looked at that could belong to a cycle; with false there may be one that is not told
 */
public record WhyView(GrantView grant, List<Line> lines, List<WaitsFor> cycle, boolean searched) {

    /** Copies the lists. */
    public WhyView {
        lines = List.copyOf(lines);
        cycle = List.copyOf(cycle);
    }

    /**
     * One of the lines.
     *
     * @param holders who holds the lock beside whom it cannot, {@link Limits#HOLDERS_SHOWN} at most
     * @param ahead who stands ahead beside whom it cannot hold the lock, {@link Limits#HOLDERS_SHOWN} at most
     * @param position its place in this line, 1 for the first
     * @param delayMillis for how long the lock is closed after an expiry, 0 when it is not
     */
    public record Line(
            String lock, Mode mode, List<GrantView> holders, List<GrantView> ahead, int position, long delayMillis) {

        /** Copies the lists. */
        public Line {
            holders = List.copyOf(holders);
            ahead = List.copyOf(ahead);
        }
    }
}
