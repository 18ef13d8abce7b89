package io.holdfast.operator.plan.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Look;
import io.holdfast.operator.plan.Planner;
import java.util.ArrayList;
import java.util.List;

/** Steps and checks of the tests of the planner's table. */
final class Course {

    private Course() {}

    static void lose(World world, int... ids) {
        for (int id : ids) {
            Worlds.losePodOnly(world, id);
        }
    }

    static void roll(World world) {
        roll(world, 100);
        Surroundings.rest(world);
    }

    /** Does what the planner says, at most that many times, until it has nothing to do but to wait. */
    static void roll(World world, int actions) {
        for (int i = 0; i < actions && !(next(world) instanceof Action.Wait); i++) {
            act(world);
            if (actions > 2) {
                Surroundings.rest(world);
            }
        }
    }

    static void converge(World world) {
        for (int i = 0; i < 200 && !(next(world) instanceof Action.Converged); i++) {
            act(world);
            Surroundings.rest(world);
            world.age();
        }
        assertInstanceOf(Action.Converged.class, next(world));
    }

    static List<String> course(World world) {
        List<String> course = new ArrayList<>();
        for (int i = 0; i < 100 && !(next(world) instanceof Action.Converged); i++) {
            Action action = next(world);
            if (action instanceof Action.ApplyTemplate apply) {
                course.add("template " + apply.set().name());
            } else if (action instanceof Action.Evict evict) {
                course.add("evict " + evict.id());
            } else if (action instanceof Action.HandOver handOver) {
                course.add("hand over " + handOver.from() + " to " + handOver.to());
            }
            act(world);
            Surroundings.rest(world);
            world.age();
        }
        return course;
    }

    static Action next(World world) {
        return Planner.next(world.look(), world.now);
    }

    static void act(World world) {
        Look look = world.look();
        Effects.apply(world, Planner.next(look, world.now));
        Explorer.writeStatus(world, look);
    }

    static <T extends Action> T assertAction(Class<T> type, int row, World world) {
        Action action = next(world);
        assertInstanceOf(type, action);
        assertEquals(row, action.row(), action.why());
        return type.cast(action);
    }

    static Action.Wait assertWait(World world, int row, Action.Reason reason) {
        Action.Wait wait = assertAction(Action.Wait.class, row, world);
        assertEquals(reason, wait.reason(), wait.why());
        return wait;
    }
}
