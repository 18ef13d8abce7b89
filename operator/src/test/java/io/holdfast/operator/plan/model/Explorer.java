package io.holdfast.operator.plan.model;

import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Facts;
import io.holdfast.operator.plan.Look;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Visits every state that a world can reach by the planner's actions, by what happens without the operator, and by a
 * number of faults, breadth first. In each state it checks the invariants and that the planner converges.
 */
final class Explorer {

    /** A function as {@link io.holdfast.operator.plan.Planner#next}. */
    interface Chooser extends BiFunction<Look, java.time.Instant, Action> {}

    /** What was found wrong, with the steps that led there. */
    static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1;

        Violation(String says) {
            super(says);
        }
    }

    private static final int BOUND = 120;

    private final Chooser planner;
    private final Invariants invariants;
    private final Set<Key> visited = new HashSet<>();
    private final Map<Key, Integer> converging = new HashMap<>();
    private final Deque<Node> queue = new ArrayDeque<>();
    private int longest;

    Explorer(Chooser planner) {
        this.planner = planner;
        this.invariants = new Invariants(planner);
    }

    private record Key(long one, long other) {}

    /** An action that was chosen and is not carried out yet: the operator is slow, or works on an old look. */
    private record Delayed(Action action, int seenStatus) {}

    private record Node(
            World world,
            int faults,
            @Nullable Delayed delayed,
            @Nullable Node before,
            Object step) {

        String path() {
            List<String> steps = new ArrayList<>();
            for (Node node = this; node != null; node = node.before) {
                steps.add(0, node.step.toString());
            }
            return String.join("\n  ", steps);
        }
    }

    private record Remark(String text, int number, Action action) {}

    /** Returns how many states were visited from this world on. */
    int explore(World start, int faults, int limit) {
        int before = visited.size();
        visit(new Node(start, faults, null, null, "start"));
        while (!queue.isEmpty() && visited.size() - before < limit) {
            Node node = queue.poll();
            try {
                expand(node);
            } catch (Violation violation) {
                throw new Violation(violation.getMessage() + "\n  " + node.path());
            }
        }
        boolean isWhole = queue.isEmpty();
        queue.clear();
        if (!isWhole) {
            throw new IllegalStateException("more than " + limit + " states");
        }
        return visited.size() - before;
    }

    int states() {
        return visited.size();
    }

    int longest() {
        return longest;
    }

    private void visit(Node node) {
        if (visited.add(key(node))) {
            queue.add(node);
        }
    }

    private void expand(Node node) {
        World world = node.world;
        invariants.check(world);
        converge(world);
        operate(node);
        if (node.delayed != null) {
            World next = world.copy();
            Effects.apply(next, node.delayed.action, node.delayed.seenStatus, Integer.MAX_VALUE);
            invariants.checkDisksKept(world, next, node.delayed.action);
            visit(new Node(next, node.faults, null, node, new Remark("late:", 0, node.delayed.action)));
        }
        List<Surroundings.Step> steps = Surroundings.steps(world);
        for (Surroundings.Step step : steps) {
            World next = world.copy();
            step.on(next);
            visit(new Node(next, node.faults, node.delayed, node, step.name()));
        }
        if (steps.isEmpty() || node.faults > 0) {
            World next = world.copy();
            next.age();
            visit(new Node(next, steps.isEmpty() ? node.faults : node.faults - 1, node.delayed, node, "time passes"));
        }
        if (node.faults > 0) {
            for (Surroundings.Step fault : Faults.of(world)) {
                World next = world.copy();
                fault.on(next);
                visit(new Node(next, node.faults - 1, node.delayed, node, "FAULT " + fault.name()));
            }
        }
    }

    /** The operator looks and acts; or is killed between two writes; or acts late. */
    private void operate(Node node) {
        World world = node.world;
        Action action = invariants.choose(world);
        World next = world.copy();
        boolean had = next.hasQuorum();
        int seen = next.statusVersion;
        Effects.apply(next, action, seen, Integer.MAX_VALUE);
        invariants.checkQuorumKept(world, had, next, action);
        checkIdempotent(next, action, seen);
        writeStatus(next, world.look());
        visit(new Node(next, node.faults, node.delayed, node, action));
        if (node.faults == 0) {
            return;
        }
        int writes = Effects.writes(action).size();
        for (int limit = 1; limit < writes; limit++) {
            World killed = world.copy();
            Effects.apply(killed, action, seen, limit);
            visit(new Node(
                    killed, node.faults - 1, node.delayed, node, new Remark("killed after writes:", limit, action)));
        }
        if (node.delayed == null && writes > 0) {
            visit(new Node(
                    world,
                    node.faults - 1,
                    new Delayed(action, seen),
                    node,
                    new Remark("chosen, to be done later:", 0, action)));
        }
    }

    private static void checkIdempotent(World done, Action action, int seen) {
        World twice = done.copy();
        Effects.apply(twice, action, seen, Integer.MAX_VALUE);
        if (!Canonical.of(twice, 0, null).equals(Canonical.of(done, 0, null))) {
            throw new Violation("done twice is not as done once: " + action);
        }
    }

    /** The last step of the operator: since when what is not well is not well. */
    static void writeStatus(World world, Look look) {
        Facts facts = new Facts(look, world.now);
        for (Look.Voter voter : look.voters()) {
            World.Seat seat = world.seats.get(voter.id());
            if (seat != null) {
                boolean isInStep = facts.isInStep(voter);
                seat.outOfStepSince = isInStep ? null : seat.outOfStepSince == null ? world.now : seat.outOfStepSince;
            }
        }
        boolean isQuorate = look.ensemble() instanceof Look.Ensemble.Confirmed;
        world.noQuorumSince = isQuorate ? null : world.noQuorumSince == null ? world.now : world.noQuorumSince;
    }

    /**
     * Without further faults, and with nodes and images back, everything is as wanted within a bounded number of steps.
     */
    private void converge(World from) {
        World world = from.copy();
        Faults.heal(world);
        List<Key> path = new ArrayList<>();
        List<Action> steps = new ArrayList<>();
        int rest = 0;
        for (int i = 0; ; i++) {
            Surroundings.rest(world);
            Key key = hash(Canonical.of(world, 0, null));
            Integer known = converging.get(key);
            if (known != null) {
                rest = known;
                break;
            }
            path.add(key);
            Action action = planner.apply(world.look(), world.now);
            steps.add(action);
            if (action instanceof Action.Converged) {
                invariants.checkConverged(world);
                break;
            }
            if (action instanceof Action.Wait wait && Faults.isLost(world)) {
                break;
            }
            if (i > BOUND) {
                throw new Violation("does not converge:\n    " + steps.subList(steps.size() - 8, steps.size()));
            }
            Look look = world.look();
            Effects.apply(world, action);
            writeStatus(world, look);
            if (action instanceof Action.Wait) {
                world.age();
            }
        }
        for (int i = path.size() - 1; i >= 0; i--) {
            rest++;
            converging.put(path.get(i), rest);
        }
        longest = Math.max(longest, rest);
        if (rest > BOUND) {
            throw new Violation("converges in " + rest + " steps only");
        }
    }

    private static Key key(Node node) {
        return hash(Canonical.of(
                node.world,
                node.faults,
                node.delayed == null ? null : new Canonical.Late(node.delayed.action, node.delayed.seenStatus)));
    }

    private static Key hash(String text) {
        long one = 1125899906842597L;
        long other = 7;
        for (int i = 0; i < text.length(); i++) {
            one = 31 * one + text.charAt(i);
            other = (other ^ text.charAt(i)) * 0x100000001b3L;
        }
        return new Key(one, other);
    }
}
