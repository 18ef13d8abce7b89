package io.holdfast.operator.plan.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.holdfast.operator.plan.Action;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The list of a dry run. */
class ForecastTest {

    @Test
    void aNewClusterIsFoundedAloneAndGrows() {
        assertEquals(
                List.of(
                        "Found",
                        "RecordGeneration",
                        "CloseFounding",
                        "LabelClaim",
                        "NewVoter",
                        "AddMember",
                        "NewVoter",
                        "AddMember",
                        "Promote",
                        "UpdateJoin",
                        "Promote",
                        "UpdateJoin",
                        "Initialize",
                        "MakeObservers",
                        "AddMember",
                        "Converged"),
                names(Forecast.of(Worlds.empty(3, 1).look(), Worlds.NOW, 50)));
    }

    @Test
    void aVoterThatLeavesIsRemovedBeforeItsObjects() {
        World world = Worlds.converged(3, 0);
        Worlds.voters(world, 2);
        assertEquals(
                List.of("MarkLeaving", "RemoveMember", "UpdateJoin", "DeleteVoter", "Converged"),
                names(Forecast.of(world.look(), Worlds.NOW, 50)));
    }

    @Test
    void aWaitThatEndsIsFollowedByWhatComesThen() {
        World world = Worlds.converged(3, 0);
        world.template = "t2";
        Worlds.losePod(world, 2);
        List<Action> plan = Forecast.of(world.look(), Worlds.NOW, 50);
        assertInstanceOf(Action.Wait.class, plan.get(0));
        assertInstanceOf(Action.Converged.class, plan.get(plan.size() - 1));
    }

    @Test
    void aWaitThatDoesNotEndIsTheLast() {
        World world = Worlds.empty(3, 0);
        world.foreign = List.of("Service orders-rw");
        assertEquals(List.of("Wait"), names(Forecast.of(world.look(), Worlds.NOW, 50)));
    }

    @Test
    void aListHasABound() {
        assertEquals(5, Forecast.of(Worlds.empty(7, 0).look(), Worlds.NOW, 5).size());
    }

    private static List<String> names(List<Action> plan) {
        return plan.stream().map(action -> action.getClass().getSimpleName()).toList();
    }
}
