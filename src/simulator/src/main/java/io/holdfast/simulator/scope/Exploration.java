package io.holdfast.simulator.scope;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Takes every state within a {@link Bound}, nearest first, and ends with the shortest way to one that breaks an
 * invariant.
 */
public final class Exploration {

    /**
     * How an exploration ended.
     *
     * @param states how many there are within the bound
     * @param transitions how many moves they have
     * @param moments in how many the servers were, each by itself
     * @param depth how many moves lead to the farthest state
     * @param complete false when it ended because there were too many states
     * @param violation the invariant and the way there, one line for each move; empty when nothing is broken
     */
    public record Result(
            int states, long transitions, int moments, int depth, boolean complete, List<String> violation) {}

    private final Locals locals = new Locals();
    private final Lanes lanes = new Lanes();
    private final Laws laws = new Laws(locals);
    private final LongSet seen = new LongSet();
    private final Moves moves;
    private final Bound bound;
    private final int statesMax;
    private int[] parents = new int[1 << 16];
    private int[] made = new int[1 << 16];
    private int[] depths = new int[1 << 16];
    private long transitions;

    private Exploration(Bound bound, int statesMax) {
        this.bound = bound;
        this.statesMax = statesMax;
        this.moves = new Moves(bound, locals, lanes, laws);
    }

    /** Takes every state that can follow once the first leader is established, up to so many. */
    public static Result of(Bound bound, int statesMax) {
        return new Exploration(bound, statesMax).run();
    }

    /** As {@link #of}, for callers that have these classes in another version. */
    public static List<String> violation(String bound, int statesMax) {
        return of(Bound.parse(bound), statesMax).violation();
    }

    private Result run() {
        List<String> prelude = new ArrayList<>();
        Whole first = established(prelude);
        if (moves.broken() != null) {
            return result(0, true, lines(moves.broken(), prelude));
        }
        seen.add(first.hash());
        Queue<int[]> frontier = new ArrayDeque<>();
        frontier.add(first.numbers());
        int count = 1;
        for (int index = 0; !frontier.isEmpty(); index++) {
            Whole whole = Whole.of(frontier.remove());
            for (Move move : moves.of(whole)) {
                Whole next = whole.copy();
                moves.make(next, move);
                transitions++;
                boolean broken = moves.broken() != null;
                if (!broken && !seen.add(next.hash())) {
                    continue;
                }
                note(count++, index, move);
                if (broken) {
                    return result(count, true, lines(moves.broken(), way(first, count - 1)));
                }
                if (count >= statesMax) {
                    return result(count, false, List.of());
                }
                frontier.add(next.numbers());
            }
        }
        return result(count, true, List.of());
    }

    private Result result(int count, boolean complete, List<String> violation) {
        return new Result(count, transitions, locals.size(), count == 0 ? 0 : depths[count - 1], complete, violation);
    }

    /** Server 1 is elected, the others follow it, and all is quiet. */
    private Whole established(List<String> told) {
        int[] dead = new int[Whole.SERVERS];
        for (int i = 1; i <= Whole.SERVERS; i++) {
            dead[i - 1] = locals.dead(i, Disk.EMPTY);
        }
        Whole whole = Whole.begin(new Bound(0, 0, 0, 1, 0, 0), dead);
        List<Move> script = new ArrayList<>();
        for (int i = 1; i <= Whole.SERVERS; i++) {
            script.add(new Move(Move.Kind.START, i, 0));
        }
        script.add(new Move(Move.Kind.LEAD, 1, 0));
        script.add(new Move(Move.Kind.FOLLOW, 2, 1));
        script.add(new Move(Move.Kind.FOLLOW, 3, 1));
        for (Move move : script) {
            make(whole, move, told);
        }
        for (List<Move> next = moves.of(whole); !next.isEmpty() && moves.broken() == null; next = moves.of(whole)) {
            make(whole, next.get(0), told);
        }
        whole.refill(bound);
        return whole;
    }

    private void make(Whole whole, Move move, List<String> told) {
        if (moves.broken() == null) {
            Whole before = whole.copy();
            moves.make(whole, move);
            told.add(moves.text(before, move, whole));
        }
    }

    private void note(int index, int parent, Move move) {
        if (index == parents.length) {
            parents = Arrays.copyOf(parents, 2 * index);
            made = Arrays.copyOf(made, 2 * index);
            depths = Arrays.copyOf(depths, 2 * index);
        }
        parents[index] = parent;
        made[index] = move.packed();
        depths[index] = depths[parent] + 1;
    }

    private List<String> way(Whole first, int index) {
        List<Move> way = new ArrayList<>();
        for (int at = index; at != 0; at = parents[at]) {
            way.add(Move.unpack(made[at]));
        }
        Collections.reverse(way);
        List<String> told = new ArrayList<>();
        Whole whole = first.copy();
        for (Move move : way) {
            Whole before = whole.copy();
            moves.make(whole, move);
            told.add(moves.text(before, move, whole));
        }
        return told;
    }

    private static List<String> lines(@Nullable String what, List<String> way) {
        List<String> lines = new ArrayList<>();
        lines.add(String.valueOf(what));
        for (int i = 0; i < way.size(); i++) {
            lines.add(String.format("%3d %s", i + 1, way.get(i)));
        }
        return lines;
    }
}
