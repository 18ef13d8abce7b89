package io.holdfast.server.replica;

import io.holdfast.lock.WaitsFor;
import java.util.List;
import java.util.function.Predicate;

/**
 * Why a ticket does not hold a lock, or that it does.
 *
 * @param lock that was asked about
 * @param grant the ticket as it is now
 * @param lines each of its locks that keeps it waiting; empty once granted
 * @param cycle the sessions that wait for each other through it; empty when there are none
 * @param searched whether all was looked at that could belong to a cycle; false when that was too much
 */
public record WhyView(String lock, GrantView grant, List<Line> lines, List<WaitsFor> cycle, boolean searched) {

    /** Returns the same as it is told to one that may not see all of the cycle. */
    WhyView withoutCycle() {
        return new WhyView(lock, grant, lines, List.of(), false);
    }

    /** Returns the same with its lines at some of the locks. */
    WhyView atLocks(Predicate<String> locks) {
        List<Line> some = lines.stream().filter(line -> locks.test(line.lock())).toList();
        return new WhyView(lock, grant, some, cycle, searched);
    }

    /**
     * One of the lines.
     *
     * @param position its place there, 1 for the first
     * @param holders those it cannot hold the lock beside; the first of them when there are many
     * @param ahead those before it in line that it cannot hold the lock beside; the first of them
     * @param delayMs for how long the lock is closed after an expiry; 0 when it is not
     */
    public record Line(String lock, int position, List<GrantView> holders, List<GrantView> ahead, long delayMs) {}
}
