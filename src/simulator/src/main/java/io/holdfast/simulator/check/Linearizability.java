package io.holdfast.simulator.check;

import io.holdfast.lock.Claim;
import io.holdfast.lock.Mode;
import io.holdfast.simulator.book.Line;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
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
        boolean found = search.isFound();
        if (found) {
            return Verdict.LINEARIZABLE;
        }
        return search.tried > stepsMax ? Verdict.UNDECIDED : Verdict.NOT_LINEARIZABLE;
    }

    /** One step further than the place before it; a history may have more of them than a stack has room for. */
    private final class Place {
        private final int begin;
        private final Set<Holder> holders;
        private final long firstEnd;
        private int next;
        private int taken = -1;

        Place(int begin, Set<Holder> holders) {
            this.begin = begin;
            this.holders = holders;
            this.next = begin;
            long end = Long.MAX_VALUE;
            for (int i = begin; i < steps.size() && steps.get(i).from() <= end; i = done.nextClearBit(i + 1)) {
                end = Math.min(end, steps.get(i).to());
            }
            this.firstEnd = end;
        }

        /** Takes the next step that fits, in place of the one that was taken before; returns whether there is one. */
        boolean takeNext() {
            if (taken >= 0) {
                done.clear(taken);
                taken = -1;
            }
            while (next < steps.size() && steps.get(next).from() <= firstEnd) {
                int candidate = next;
                next = done.nextClearBit(candidate + 1);
                if (fits(steps.get(candidate).effect(), holders)) {
                    done.set(candidate);
                    taken = candidate;
                    return true;
                }
            }
            return false;
        }
    }

    /** Returns whether all steps can be put into an order, from no holders on. */
    private boolean isFound() {
        Deque<Place> path = new ArrayDeque<>();
        int begin = 0;
        Set<Holder> holders = Set.of();
        while (true) {
            begin = done.nextClearBit(begin);
            if (isOver(begin)) {
                return true;
            }
            if (++tried <= stepsMax && seen.add(new Seen((BitSet) done.clone(), holders))) {
                path.push(new Place(begin, holders));
            }
            while (!path.isEmpty() && !path.peek().takeNext()) {
                path.pop();
            }
            Place at = path.peek();
            if (at == null) {
                return false;
            }
            begin = at.begin;
            holders = after(steps.get(at.taken).effect(), at.holders);
        }
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
