package io.holdfast.operator.plan.model;

import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Look;
import java.util.List;
import java.util.Random;

/** One random life of a cluster: what is wanted changes, faults happen, and the invariants hold in every state. */
final class Walk {

    private static final int BOUND = 400;

    private final Explorer.Chooser planner;
    private final Invariants invariants;
    private final World world;
    private final Random random;

    Walk(Explorer.Chooser planner, World world, Random random) {
        this.planner = planner;
        this.invariants = new Invariants(planner);
        this.world = world;
        this.random = random;
    }

    /** Goes that many steps with that many faults, and then until everything is as wanted. */
    void go(int steps, int faults) {
        int left = faults;
        for (int i = 0; i < steps; i++) {
            List<Surroundings.Step> events = Surroundings.steps(world);
            int choice = random.nextInt(100);
            if (choice < 2) {
                change();
            } else if (choice < 4 && left > 0) {
                List<Surroundings.Step> possible = Faults.of(world);
                possible.get(random.nextInt(possible.size())).on(world);
                left--;
            } else if (choice < 60 && !events.isEmpty()) {
                events.get(random.nextInt(events.size())).on(world);
            } else if (choice < 70 && events.isEmpty()) {
                world.age();
            } else {
                operate();
            }
            invariants.check(world);
        }
        converge();
    }

    private void change() {
        switch (random.nextInt(3)) {
            case 0 -> Worlds.voters(world, 1 + 2 * random.nextInt(4));
            case 1 -> world.template = "t" + random.nextInt(1_000);
            default -> world.groups.values().forEach(group -> group.wantedReplicas = random.nextInt(4));
        }
    }

    private Action operate() {
        Action action = invariants.choose(world);
        Look look = world.look();
        World before = world.copy();
        boolean had = world.hasQuorum();
        Effects.apply(world, action);
        invariants.checkQuorumKept(before, had, world, action);
        Explorer.writeStatus(world, look);
        return action;
    }

    private void converge() {
        Faults.heal(world);
        for (int i = 0; i < BOUND; i++) {
            Surroundings.rest(world);
            Action action = operate();
            if (action instanceof Action.Converged) {
                invariants.checkConverged(world);
                return;
            }
            if (action instanceof Action.Wait) {
                if (Faults.isLost(world)) {
                    return;
                }
                world.age();
            }
        }
        throw new Explorer.Violation("does not converge: " + planner.apply(world.look(), world.now));
    }
}
