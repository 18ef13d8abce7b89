package io.holdfast.simulator.check;

import io.holdfast.lock.Claim;
import io.holdfast.lock.Mode;
import io.holdfast.simulator.book.Line;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides whether what clients saw of one lock can be put into one order that respects true time, after Wing and Gong
 * with the memory of Lowe. The state of the lock is the set of its holders, who must be compatible.
 */
public final class Linearizability {

    /** What a step does to the lock, or says of it. */
    public sealed interface Effect {}

    /** The grant becomes a holder beside the others. */
    public record Take(Holder holder) implements Effect {}

    /** The grant is no holder any more. */
    public record Free(String grant) implements Effect {}

    /** The grant is a holder, and is the same one in another mode or with another token from now on. */
    public record Become(Holder holder) implements Effect {}

    /** The holders are those with these tokens. */
    public record See(Set<Long> tokens) implements Effect {

        /** Copies the set. */
        public See {
            tokens = Set.copyOf(tokens);
        }
    }

    /** A grant that holds the lock. */
    public record Holder(String grant, Claim claim, long token) {}

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
    public record Step(Effect effect, long from, long to, boolean mayNeverHappen) {}

    private record Seen(BitSet done, Set<Holder> holders) {}

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
        boolean found = search.from(0, Set.of());
        if (found) {
            return Verdict.LINEARIZABLE;
        }
        return search.tried > stepsMax ? Verdict.UNDECIDED : Verdict.NOT_LINEARIZABLE;
    }

    /** Returns whether the steps that are not done, from the state on, can be put into an order. */
    private boolean from(int first, Set<Holder> holders) {
        int begin = done.nextClearBit(first);
        if (isOver(begin)) {
            return true;
        }
        if (++tried > stepsMax || !seen.add(new Seen((BitSet) done.clone(), holders))) {
            return false;
        }
        long firstEnd = Long.MAX_VALUE;
        for (int i = begin; i < steps.size() && steps.get(i).from() <= firstEnd; i = done.nextClearBit(i + 1)) {
            firstEnd = Math.min(firstEnd, steps.get(i).to());
        }
        for (int i = begin; i < steps.size() && steps.get(i).from() <= firstEnd; i = done.nextClearBit(i + 1)) {
            Effect effect = steps.get(i).effect();
            if (fits(effect, holders)) {
                done.set(i);
                if (from(begin, after(effect, holders))) {
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

    private static boolean fits(Effect effect, Set<Holder> holders) {
        if (effect instanceof See see) {
            return see.tokens().size() == holders.size()
                    && holders.stream().allMatch(holder -> see.tokens().contains(holder.token()));
        }
        if (effect instanceof Take take) {
            return areCompatible(with(holders, take.holder()));
        }
        if (effect instanceof Become become) {
            Set<Holder> others = without(holders, become.holder().grant());
            return others.size() < holders.size() && areCompatible(with(others, become.holder()));
        }
        return effect instanceof Free free && without(holders, free.grant()).size() < holders.size();
    }

    private static Set<Holder> after(Effect effect, Set<Holder> holders) {
        if (effect instanceof Take take) {
            return with(holders, take.holder());
        }
        if (effect instanceof Become become) {
            return with(without(holders, become.holder().grant()), become.holder());
        }
        return effect instanceof Free free ? without(holders, free.grant()) : holders;
    }

    private static boolean areCompatible(Set<Holder> holders) {
        if (holders.size() == 1) {
            return true;
        }
        boolean alone = holders.stream().anyMatch(holder -> holder.claim().mode() == Mode.EXCLUSIVE);
        return !alone && Line.areCompatible(holders.stream().map(Holder::claim).toList());
    }

    private static Set<Holder> with(Set<Holder> holders, Holder one) {
        Set<Holder> with = new HashSet<>(holders);
        with.add(one);
        return with;
    }

    private static Set<Holder> without(Set<Holder> holders, String grant) {
        Set<Holder> without = new HashSet<>(holders);
        without.removeIf(holder -> holder.grant().equals(grant));
        return without;
    }
}
