package io.holdfast.simulator;

import io.holdfast.simulator.check.Violation;
import io.holdfast.simulator.world.Counts;
import io.holdfast.simulator.world.Fault;
import io.holdfast.simulator.world.World;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Runs the world of one seed and says how it went. */
public final class Simulation {

    /**
     * How the world of a seed went.
     *
     * @param seed which world
     * @param hash the same for two runs that did the same
     * @param violation what was found; null when every invariant held
     * @param counts what happened
     */
    public record Outcome(long seed, long hash, @Nullable Violation violation, Counts counts) {

        /** Returns the id of the invariant that was broken; null when none was. */
        public @Nullable String invariant() {
            return violation == null ? null : violation.invariant();
        }
    }

    private Simulation() {}

    /** Runs the world of a seed. */
    public static Outcome run(long seed) {
        return run(seed, Set.of());
    }

    /** Runs the world of a seed without some of its faults. */
    public static Outcome run(long seed, Set<Integer> without) {
        World world = new World(seed, without, false);
        Violation violation = violationOf(world);
        return new Outcome(seed, world.hash(), violation, world.counts());
    }

    /** Runs the world of a seed and returns the last lines of its timeline. */
    public static List<String> timeline(long seed, Set<Integer> without, int lines) {
        World world = new World(seed, without, true);
        violationOf(world);
        return world.timeline().last(lines);
    }

    /** Returns whether the members of a seed's world change. */
    public static boolean changesMembers(long seed) {
        return World.changesMembers(seed);
    }

    /** Returns whether the servers of a seed's world are told apart by their disks. */
    public static boolean tellsDisks(long seed) {
        return World.tellsDisks(seed);
    }

    /** Returns the plan of a seed's faults. */
    public static List<Fault> plan(long seed) {
        return new World(seed, Set.of(), false).plan();
    }

    /**
     * Looks for faults that the violation does not need: halves, quarters and single ones are left out as long as the
     * same invariant breaks.
     *
     * @return the numbers of all faults that can be left out together
     */
    public static Set<Integer> minimize(long seed, String invariant) {
        List<Integer> all = plan(seed).stream().map(Fault::number).toList();
        Set<Integer> without = new TreeSet<>();
        for (int size = Math.max(1, all.size() / 2); ; size /= 2) {
            for (int from = 0; from < all.size(); from += size) {
                Set<Integer> fewer = new TreeSet<>(without);
                fewer.addAll(all.subList(from, Math.min(all.size(), from + size)));
                if (fewer.size() > without.size()
                        && invariant.equals(run(seed, fewer).invariant())) {
                    without = fewer;
                }
            }
            if (size == 1) {
                return without;
            }
        }
    }

    private static @Nullable Violation violationOf(World world) {
        try {
            world.run();
            return null;
        } catch (Violation violation) {
            return violation;
        }
    }
}
