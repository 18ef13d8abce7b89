package io.holdfast.operator.plan.model;

import static io.holdfast.operator.plan.model.Course.act;
import static io.holdfast.operator.plan.model.Course.assertAction;
import static io.holdfast.operator.plan.model.Course.assertWait;
import static io.holdfast.operator.plan.model.Course.lose;
import static io.holdfast.operator.plan.model.Course.next;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Wanted;
import org.junit.jupiter.api.Test;

/** A specification that cannot be carried out holds back only what is to be made from it; and a refused recovery. */
class RefusalTableTest {

    private static final String WHY = "spec.config: holdfast.no-such is no setting of the server";

    @Test
    void row4NothingIsFounded() {
        World world = Worlds.empty(3, 0);
        Worlds.refuse(world, WHY);
        Action.Wait wait = assertWait(world, 4, Action.Reason.SPEC_REFUSED);
        assertTrue(wait.reason().isBlocked());
        assertEquals(WHY, wait.why());
    }

    @Test
    void lostVotersComeBack() {
        World world = Worlds.converged(3, 0);
        Worlds.refuse(world, WHY);
        world.seat(2).set = null;
        Worlds.losePodOnly(world, 2);
        assertEquals(2, assertAction(Action.Recreate.class, 13, world).id());
        act(world);
        Surroundings.rest(world);
        world.age();
        assertInstanceOf(Action.Converged.class, next(world));
    }

    @Test
    void aLostVolumeIsReplaced() {
        World world = Worlds.converged(3, 0);
        Worlds.refuse(world, WHY);
        Worlds.loseClaim(world, 3);
        Surroundings.rest(world);
        act(world);
        world.age();
        assertEquals(3, assertAction(Action.ReplaceClaim.class, 16, world).id());
    }

    @Test
    void row23NoVoterIsAddedAndOneTooManyLeaves() {
        World world = Worlds.converged(3, 1);
        Worlds.refuse(world, WHY);
        Worlds.voters(world, 5);
        assertWait(world, 23, Action.Reason.SPEC_REFUSED);
        world.groups.get("readers").wantedReplicas = 2;
        assertAction(Action.ScaleObservers.class, 27, world);
        world.groups.get("readers").wantedReplicas = 1;
        Worlds.voters(world, 1);
        assertAction(Action.MarkLeaving.class, 24, world);
    }

    @Test
    void row27ASetOfObserversThatCannotBeRenderedHoldsBackNoOther() {
        World world = Worlds.converged(1, 0);
        world.groups.put("a", new World.Group("a", 1));
        world.groups.put("b", new World.Group("b", 1));
        world.templates.put("a", "");
        assertEquals("b", assertAction(Action.MakeObservers.class, 27, world).name());
    }

    // Without a quorum, as it seems.

    private static World unreachable() {
        World world = Worlds.converged(3, 0);
        world.unreachable = true;
        act(world);
        world.age();
        assertWait(world, 11, Action.Reason.NO_QUORUM);
        return world;
    }

    @Test
    void row10VotersThatOnlyTheOperatorDoesNotReachAreNotStopped() {
        World world = unreachable();
        Worlds.recover(world, new Wanted.Recover.Examine(false));
        Action.Wait wait = assertWait(world, 10, Action.Reason.RECOVERY_REFUSED);
        assertTrue(wait.reason().isBlocked());
        assertTrue(wait.why().startsWith("voters [1, 2, 3] are ready, or have a leader"), wait.why());
        assertTrue(wait.why().contains("force-look"), wait.why());
    }

    @Test
    void row10AVoterThatWasStoppedByAnAttemptStartsAgain() {
        World world = unreachable();
        Worlds.recover(world, new Wanted.Recover.Examine(false));
        world.seat(3).set.replicas = 0;
        Surroundings.rest(world);
        assertEquals(3, assertAction(Action.Start.class, 8, world).id());
    }

    @Test
    void row10ForceStopsThemAllTheSame() {
        World world = unreachable();
        Worlds.recover(world, new Wanted.Recover.Examine(true));
        assertEquals(3, assertAction(Action.StopVoters.class, 10, world).sets().size());
        act(world);
        Surroundings.rest(world);
        assertAction(Action.ExamineVolume.class, 10, world);
    }

    @Test
    void row10OneVoterThatFollowsALeaderIsEnough() {
        World world = unreachable();
        lose(world, 1);
        world.pod(2).ready = false;
        world.pod(3).ready = true;
        Worlds.recover(world, new Wanted.Recover.Confirm(2, "code-2"));
        assertWait(world, 10, Action.Reason.RECOVERY_REFUSED);
    }

    @Test
    void row10StopsVotersOfWhichNoneServes() {
        World world = Worlds.converged(3, 0);
        Worlds.loseClaim(world, 1);
        Worlds.loseClaim(world, 2);
        Surroundings.rest(world);
        act(world);
        world.age();
        assertNotNull(world.pod(3));
        Worlds.recover(world, new Wanted.Recover.Examine(false));
        assertAction(Action.StopVoters.class, 10, world);
    }
}
