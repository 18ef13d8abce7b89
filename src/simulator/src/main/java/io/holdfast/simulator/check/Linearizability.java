package io.holdfast.simulator.check;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides whether what clients saw of one lock can be put into one order that respects true time, after Wing and Gong
 * with the memory of Lowe. The lock is a register that holds the token of its holder, or 0.
 */
public final class Linearizability {

    /** What a step does to the lock, or says of it. */
    public enum Kind {
        /** Free becomes held with the token. */
        TAKE,
        /** Held with the token becomes free. */
        FREE,
        /** It is held with the token, or free when the token is 0. */
        SEE,
        /** It is held, with whatever token. */
        SEE_HELD
    }

    /** The answer. */
    public enum Verdict {
        LINEARIZABLE,
        NOT_LINEARIZABLE,
        /** The search was given up at its bound. */
        UNDECIDED
    }

    /**
     * One step, which happened at one moment between two times.
     *
     * @param to {@link Long#MAX_VALUE} when it was never answered
     * @param mayNeverHappen whether an order without it is right too
     */
    public record Step(Kind kind, long token, long from, long to, boolean mayNeverHappen) {}

    private record Seen(BitSet done, long state) {}

    private final List<Step> steps;
    private final Set<Seen> seen = new HashSet<>();
    private final BitSet done = new BitSet();
    private final int stepsMax;
    private int tried;

    private Linearizability(List<Step> history, int stepsMax) {
        steps = new ArrayList<>(history);
        steps.sort(Comparator.comparingLong(Step::from));
        this.stepsMax = stepsMax;
    }

    /**
     * Searches for an order.
     *
     * @param stepsMax positions that are looked at before the search is given up
     */
    public static Verdict check(List<Step> history, int stepsMax) {
        Linearizability search = new Linearizability(history, stepsMax);
        boolean found = search.from(0, 0);
        if (found) {
            return Verdict.LINEARIZABLE;
        }
        return search.tried > stepsMax ? Verdict.UNDECIDED : Verdict.NOT_LINEARIZABLE;
    }

    /** Returns whether the steps that are not done, from the state on, can be put into an order. */
    private boolean from(int first, long state) {
        int begin = done.nextClearBit(first);
        if (isOver(begin)) {
            return true;
        }
        if (++tried > stepsMax || !seen.add(new Seen((BitSet) done.clone(), state))) {
            return false;
        }
        long firstEnd = Long.MAX_VALUE;
        for (int i = begin; i < steps.size() && steps.get(i).from() <= firstEnd; i = done.nextClearBit(i + 1)) {
            firstEnd = Math.min(firstEnd, steps.get(i).to());
        }
        for (int i = begin; i < steps.size() && steps.get(i).from() <= firstEnd; i = done.nextClearBit(i + 1)) {
            Step step = steps.get(i);
            if (fits(step, state)) {
                done.set(i);
                if (from(begin, after(step, state))) {
                    return true;
                }
                done.clear(i);
            }
        }
        return false;
    }

    private boolean isOver(int begin) {
        for (int i = begin; i < steps.size(); i = done.nextClearBit(i + 1)) {
            if (!steps.get(i).mayNeverHappen()) {
                return false;
            }
        }
        return true;
    }

    private static boolean fits(Step step, long state) {
        return switch (step.kind()) {
            case TAKE -> state == 0;
            case FREE, SEE -> state == step.token();
            case SEE_HELD -> state != 0;
        };
    }

    private static long after(Step step, long state) {
        return switch (step.kind()) {
            case TAKE -> step.token();
            case FREE -> 0;
            case SEE, SEE_HELD -> state;
        };
    }
}
