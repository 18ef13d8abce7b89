package io.holdfast.overlap.matrix;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One kind of worker under one fault: what all repetitions showed. Used by one thread at a time. */
final class Cell {

    private final String fault;
    private final WorkerKind kind;
    private final boolean mustNotOverlap;
    private final boolean isLossDue;
    private final List<Duration> nextHolders = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private int repetitions;
    private int overlapped;
    private Evidence sum = new Evidence(0, 0, 0, 0, 0);
    private Duration unserved = Duration.ZERO;
    private int losses;
    private int excusedLosses;

    /**
     * What was written in some time.
     *
     * @param overlapNanos by how much turns of different tokens overlapped
     * @param stale writes to the file behind a higher token
     * @param guarded writes behind the fence
     * @param guardedStale of these, behind a higher token
     * @param refused writes that the fence kept out
     */
    record Evidence(long overlapNanos, long stale, long guarded, long guardedStale, long refused) {
        Evidence minus(Evidence earlier) {
            return new Evidence(
                    overlapNanos - earlier.overlapNanos,
                    stale - earlier.stale,
                    guarded - earlier.guarded,
                    guardedStale - earlier.guardedStale,
                    refused - earlier.refused);
        }

        Evidence plus(Evidence other) {
            return new Evidence(
                    overlapNanos + other.overlapNanos,
                    stale + other.stale,
                    guarded + other.guarded,
                    guardedStale + other.guardedStale,
                    refused + other.refused);
        }
    }

    /** One for a fault of the holder, after which the other contender gets the lock. */
    Cell(Fault fault, WorkerKind kind) {
        this.fault = fault.label();
        this.kind = kind;
        this.mustNotOverlap = kind.mustNotOverlap(fault);
        this.isLossDue = true;
    }

    /** One for a fault of nodes, after which the holder still has the lock. */
    Cell(NodeFault fault, WorkerKind kind) {
        this.fault = fault.label();
        this.kind = kind;
        this.mustNotOverlap = kind.isChecked();
        this.isLossDue = false;
    }

    String name() {
        return fault + ", " + kind.label();
    }

    /** Takes what a repetition showed. */
    void add(Evidence evidence) {
        repetitions++;
        overlapped += evidence.overlapNanos() > 0 ? 1 : 0;
        sum = sum.plus(evidence);
    }

    /** The holder lost the lock, and the next one worked so long after the fault began. */
    void lost(Duration next) {
        losses++;
        nextHolders.add(next);
    }

    /**
     * What a fault of nodes cost.
     *
     * @param times how often the lock was lost
     * @param excused whether no client could have kept it
     * @param gap the longest time in which no node served the probe
     */
    void lost(int times, boolean excused, Duration gap) {
        unserved = unserved.compareTo(gap) < 0 ? gap : unserved;
        losses += times;
        excusedLosses += excused ? times : 0;
    }

    /** It could not be judged. */
    void failed(String why) {
        failures.add(why);
    }

    /** Throws when it does not show what it must. */
    void judge(int expectedRepetitions) {
        var wrong = new ArrayList<>(failures);
        expect(wrong, repetitions == expectedRepetitions, "repetitions: " + repetitions);
        expect(wrong, sum.guardedStale() == 0, "stale writes behind the fence: " + sum.guardedStale());
        expect(wrong, sum.overlapNanos() == 0 || !mustNotOverlap, "overlap of " + sum.overlapNanos() + " ns");
        if (kind.isChecked()) {
            expect(wrong, sum.guarded() > 0, "no writes behind the fence");
        } else {
            expect(wrong, overlapped == repetitions, "a control that did not overlap: the run shows nothing");
        }
        if (!isLossDue) {
            expect(
                    wrong,
                    losses == excusedLosses,
                    "leases lost that could have been kept: " + (losses - excusedLosses));
        }
        if (!wrong.isEmpty()) {
            throw new AssertionError(name() + ": " + String.join("; ", wrong));
        }
    }

    private static void expect(List<String> wrong, boolean holds, String message) {
        if (!holds) {
            wrong.add(message);
        }
    }

    /** The head of the table. */
    static String head() {
        return "| fault | worker | repetitions | overlap (ns) | stale | guarded | guarded stale | refused by the fence"
                + " | losses | next holder p50 (ms) | max (ms) | not served (ms) |\n"
                + "|---|---|---|---|---|---|---|---|---|---|---|---|\n";
    }

    /** Its row of the table. */
    String row() {
        var sorted = nextHolders.stream().sorted().toList();
        var p50 = sorted.isEmpty()
                ? ""
                : Long.toString(sorted.get((sorted.size() - 1) / 2).toMillis());
        var max = sorted.isEmpty()
                ? ""
                : Long.toString(sorted.get(sorted.size() - 1).toMillis());
        var lost = isLossDue || losses == 0 ? "" + losses : losses + " (" + excusedLosses + " of a slow machine)";
        return String.format(
                Locale.ROOT,
                "| %s | %s | %d | %d | %d | %d | %d | %d | %s | %s | %s | %s |%s%n",
                fault,
                kind.label(),
                repetitions,
                sum.overlapNanos(),
                sum.stale(),
                sum.guarded(),
                sum.guardedStale(),
                sum.refused(),
                lost,
                p50,
                max,
                isLossDue ? "" : unserved.toMillis(),
                failures.isEmpty() ? "" : " FAILED");
    }
}
