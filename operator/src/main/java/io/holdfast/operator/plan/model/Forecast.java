package io.holdfast.operator.plan.model;

import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Look;
import io.holdfast.operator.plan.Planner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the planner would do, one action after the other, if each had the effect that it is to have and nothing else
 * happened: the list of a dry run.
 */
public final class Forecast {

    private Forecast() {}

    /**
     * Returns the actions, the last of which says why nothing follows, unless there would be more than {@code max}.
     *
     * @param max how many actions at most
     */
    public static List<Action> of(Look look, Instant now, int max) {
        World world = WorldOf.look(look, now);
        List<Action> plan = new ArrayList<>();
        Action next = Planner.next(look, now);
        while (plan.size() < max) {
            plan.add(next);
            if (!(next instanceof Action.Wait)) {
                Effects.apply(world, Planner.next(world.look(), now));
            }
            Surroundings.rest(world);
            world.age();
            Action after = Planner.next(world.look(), now);
            if (after.equals(next)) {
                break;
            }
            next = after;
        }
        return List.copyOf(plan);
    }
}
