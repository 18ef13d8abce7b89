package io.holdfast.operator.plan.model;

import static io.holdfast.operator.plan.model.Course.act;
import static io.holdfast.operator.plan.model.Course.assertAction;
import static io.holdfast.operator.plan.model.Course.assertWait;
import static io.holdfast.operator.plan.model.Course.converge;
import static io.holdfast.operator.plan.model.Course.course;
import static io.holdfast.operator.plan.model.Course.next;
import static io.holdfast.operator.plan.model.Course.roll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Look;
import io.holdfast.operator.plan.Stage;
import io.holdfast.operator.plan.Wanted;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows 19 to 28 of the planner's table, and each way on from them. */
class MembershipTableTest {

    @Test
    void row19RemovesAMarkedMember() {
        World world = Worlds.converged(3, 0);
        world.seat(3).set.leaving = true;
        assertEquals(3, assertAction(Action.RemoveMember.class, 19, world).id());
        world.ensemble.leader = 3;
        assertEquals(3, assertAction(Action.RemoveMember.class, 19, world).id());
    }

    @Test
    void row19WaitsWhereTheServiceWouldRefuse() {
        World world = Worlds.converged(4, 0);
        world.seat(4).set.leaving = true;
        Worlds.replace(world, 3);
        Worlds.losePodOnly(world, 3);
        assertAction(Action.RemoveMember.class, 19, world);
        World two = Worlds.converged(4, 0);
        two.seat(1).set.leaving = true;
        two.seat(3).set.leaving = true;
        two.seat(4).set.leaving = true;
        two.ensemble.members.get(2).votingDisk = "the-disk-before";
        Worlds.replace(two, 2);
        assertWait(two, 19, Action.Reason.NO_SUCCESSOR);
    }

    @Test
    void row19MarksTheStatefulSetTooBeforeTheMemberGoes() {
        World world = Worlds.converged(3, 0);
        world.seat(3).claim.mark = Look.Mark.REMOVED;
        assertEquals(3, assertAction(Action.MarkLeaving.class, 19, world).id());
        act(world);
        assertEquals(3, assertAction(Action.RemoveMember.class, 19, world).id());
    }

    @Test
    void row20DeletesObjectsAfterTheirMember() {
        World world = Worlds.converged(3, 0);
        world.seat(3).set.leaving = true;
        world.seat(3).claim.mark = Look.Mark.REMOVED;
        act(world);
        Surroundings.rest(world);
        act(world);
        Action.DeleteVoter delete = assertAction(Action.DeleteVoter.class, 20, world);
        assertEquals("c-voter-3", delete.claim().name());
        Worlds.storage(world, new Wanted.Storage(false, 10, true, Duration.ofMinutes(15), false));
        assertNull(assertAction(Action.DeleteVoter.class, 20, world).claim());
    }

    @Test
    void row20TakesAClaimThatWasLeftBetweenTwoWrites() {
        World world = Worlds.converged(3, 0);
        Worlds.voters(world, 2);
        while (!(next(world) instanceof Action.DeleteVoter)) {
            act(world);
            Surroundings.rest(world);
        }
        Effects.apply(world, next(world), world.statusVersion, 1);
        Action.DeleteVoter rest = assertAction(Action.DeleteVoter.class, 20, world);
        assertNull(rest.set());
    }

    @Test
    void row21LetsANewcomerInAndWaitsForIt() {
        World world = Worlds.converged(1, 0);
        Worlds.voters(world, 3);
        act(world);
        assertWait(world, 21, Action.Reason.JOINING);
        Surroundings.rest(world);
        assertEquals(2, assertAction(Action.AddMember.class, 21, world).id());
        act(world);
        world.ensemble.pending = false;
        assertWait(world, 21, Action.Reason.JOINING);
    }

    @Test
    void row21GivesUpANewcomerThatIsToBeReplaced() {
        World world = Worlds.converged(1, 0);
        Worlds.voters(world, 2);
        act(world);
        Worlds.replace(world, 2);
        assertEquals(2, assertAction(Action.MarkLeaving.class, 21, world).id());
        converge(world);
        assertEquals(List.of(1, 3), world.ensemble.voters());
    }

    @Test
    void row22PromotesWhenAllNewcomersAreThereLowestFirst() {
        World world = Worlds.converged(3, 0);
        Worlds.voters(world, 5);
        while (!(next(world) instanceof Action.Promote)) {
            act(world);
            Surroundings.rest(world);
        }
        assertEquals(4, ((Action.Promote) next(world)).id());
        assertEquals(5, world.ensemble.members.size());
    }

    @Test
    void row22LetsClientsInWhenAllVotersAreThereForTheFirstTime() {
        World world = Worlds.converged(3, 0);
        world.initialized = false;
        assertAction(Action.Initialize.class, 22, world);
    }

    @Test
    void row23TakesAnIdThatWasNeverUsed() {
        World world = Worlds.converged(1, 0);
        Worlds.voters(world, 2);
        world.nextId = 9;
        assertEquals(9, assertAction(Action.NewVoter.class, 23, world).id());
    }

    @Test
    void row24MarksTheHighestThatDoesNotLead() {
        World world = Worlds.converged(3, 0);
        Worlds.voters(world, 1);
        assertEquals(3, assertAction(Action.MarkLeaving.class, 24, world).id());
        world.ensemble.leader = 3;
        assertEquals(2, assertAction(Action.MarkLeaving.class, 24, world).id());
    }

    @Test
    void row24MarksANewcomerThatIsNotWantedAnyMore() {
        World world = Worlds.converged(3, 0);
        Worlds.voters(world, 5);
        act(world);
        Worlds.voters(world, 3);
        assertEquals(4, assertAction(Action.MarkLeaving.class, 24, world).id());
    }

    @Test
    void row24MarksTheReplacedVoterWhenItsSuccessorVotes() {
        World world = Worlds.converged(3, 0);
        Worlds.replace(world, 1);
        while (!(next(world) instanceof Action.MarkLeaving)) {
            act(world);
            Surroundings.rest(world);
        }
        assertEquals(1, ((Action.MarkLeaving) next(world)).id());
        assertEquals(List.of(1, 2, 3, 4), world.ensemble.voters());
        converge(world);
        assertEquals(List.of(2, 3, 4), world.ensemble.voters());
    }

    /**
     * A StatefulSet that was made again in the middle of a rollout has the newest template, and no pod of it was ready.
     */
    @Test
    void row25GivesATemplateToNoOtherVoterBeforeTheOneThatWasMadeAgainWithIt() {
        World world = Worlds.converged(3, 0);
        world.template = "t2";
        assertEquals(
                "c-voter-3",
                next(world) instanceof Action.ApplyTemplate apply ? apply.set().name() : "");
        act(world);
        world.template = "t3";
        world.seat(2).set = null;
        assertEquals(2, assertAction(Action.Recreate.class, 13, world).id());
        act(world);
        assertEquals(2, assertAction(Action.Evict.class, 25, world).id());
    }

    @Test
    void row25TakesObserversThenFollowersFromTheHighestThenTheLeader() {
        World world = Worlds.converged(3, 2);
        world.ensemble.leader = 3;
        world.template = "t2";
        assertEquals(
                List.of(
                        "template readers",
                        "evict 10001",
                        "evict 10002",
                        "template c-voter-2",
                        "evict 2",
                        "template c-voter-1",
                        "evict 1",
                        "hand over 3 to 1",
                        "template c-voter-3",
                        "evict 3"),
                course(world));
    }

    @Test
    void row25ContinuesWithTheVoterThatItBegan() {
        World world = Worlds.converged(3, 0);
        world.template = "t2";
        roll(world, 1);
        assertEquals("t2", world.seat(3).set.template);
        world.ensemble.leader = 3;
        assertEquals(3, assertAction(Action.HandOver.class, 25, world).from());
    }

    @Test
    void row25WaitsUntilAllWereReadyForLongEnough() {
        World world = Worlds.converged(3, 0);
        world.template = "t2";
        world.pod(1).since = world.now.minusSeconds(9);
        assertWait(world, 25, Action.Reason.ROLLING);
        world.pod(1).since = world.now.minusSeconds(10);
        assertAction(Action.ApplyTemplate.class, 25, world);
    }

    @Test
    void row25WaitsForAnObserverOnTheNewTemplateAndForAPodThatIsNotScheduled() {
        World world = Worlds.converged(3, 2);
        world.template = "t2";
        act(world);
        act(world);
        assertWait(world, 25, Action.Reason.ROLLING);
        Surroundings.steps(world).get(0).on(world);
        assertWait(world, 25, Action.Reason.ROLLING);
        Surroundings.steps(world).get(0).on(world);
        assertWait(world, 25, Action.Reason.ROLLING);
        world.pod(10_001).waiting = new Look.Waiting("Unschedulable", world.now);
        assertWait(world, 25, Action.Reason.UNSCHEDULED);
        world.pod(10_001).waiting = new Look.Waiting("ImagePullBackOff", world.now);
        assertWait(world, 25, Action.Reason.ROLLOUT_STUCK);
    }

    @Test
    void row25WaitsForItsTurnAmongClusters() {
        World world = Worlds.converged(3, 0);
        world.template = "t2";
        Worlds.flags(world, false, false, false);
        assertWait(world, 25, Action.Reason.QUEUED);
    }

    @Test
    void row25TakesATemplateBackWithoutAnEviction() {
        World world = Worlds.converged(3, 0);
        world.template = "t2";
        act(world);
        world.template = Worlds.TEMPLATE;
        assertEquals(List.of("template c-voter-3"), course(world));
    }

    @Test
    void row26ResizesOneClaimAfterTheOther() {
        World world = Worlds.converged(3, 0);
        Worlds.storage(world, new Wanted.Storage(false, 20, true, Duration.ofMinutes(15), true));
        for (int id = 1; id <= 3; id++) {
            assertEquals(id, assertAction(Action.Resize.class, 26, world).id());
            act(world);
        }
        assertAction(Action.Converged.class, 28, world);
    }

    @Test
    void row26SecuresConnectionsBeforeItResizes() {
        World world = Worlds.converged(3, 0);
        Worlds.storage(world, new Wanted.Storage(false, 20, true, Duration.ofMinutes(15), true));
        Worlds.stage(world, Stage.SECURED);
        assertEquals(Stage.BRIDGE, assertAction(Action.Secure.class, 26, world).stage());
    }

    @Test
    void row27ShrinksASetFromItsHighestMember() {
        World world = Worlds.converged(1, 3);
        world.groups.get("readers").wantedReplicas = 1;
        assertEquals(10_003, assertAction(Action.RemoveMember.class, 27, world).id());
        act(world);
        Surroundings.rest(world);
        assertEquals(2, assertAction(Action.ScaleObservers.class, 27, world).replicas());
    }

    @Test
    void row27GrowsASetAtOnceAndLetsItsPodsIn() {
        World world = Worlds.converged(1, 1);
        world.groups.get("readers").wantedReplicas = 5;
        assertEquals(5, assertAction(Action.ScaleObservers.class, 27, world).replicas());
        act(world);
        Surroundings.rest(world);
        assertEquals(10_002, assertAction(Action.AddMember.class, 27, world).id());
    }

    @Test
    void row27GivesEachSetIdsOfItsOwn() {
        World world = Worlds.converged(1, 1);
        world.groups.put("writers", new World.Group("writers", 2));
        assertEquals(11_001, assertAction(Action.MakeObservers.class, 27, world).firstId());
        world.groups.remove("readers");
        assertEquals(10_001, assertAction(Action.RemoveMember.class, 27, world).id());
    }

    @Test
    void row27ReplacesAnObserverOfAnotherGeneration() {
        World world = Worlds.converged(1, 1);
        world.ensemble.members.remove(10_001);
        world.pod(10_001).disk.generation = 17;
        world.pod(10_001).synced = false;
        world.settle();
        assertEquals(10_001, assertAction(Action.Evict.class, 27, world).id());
    }

    @Test
    void row28IsConverged() {
        assertAction(Action.Converged.class, 28, Worlds.converged(3, 2));
    }

    @Test
    void theOneVoterWithoutAVolumeFoundsWithEveryPod() {
        World world = Worlds.empty(1, 0);
        Worlds.storage(world, new Wanted.Storage(true, 0, true, Duration.ofMinutes(15), true));
        converge(world);
        long first = world.generation;
        Worlds.losePod(world, 1);
        Surroundings.rest(world);
        converge(world);
        assertEquals(first + 1_000, world.generation);
        assertInstanceOf(Look.Start.Founding.class, world.start);
    }

    @Test
    void membersThatAreNotOursAreLeftAlone() {
        World world = Worlds.converged(1, 0);
        Ensemble.Member other = new Ensemble.Member(false, null);
        other.elsewhere = true;
        world.ensemble.members.put(20_001, other);
        assertAction(Action.Converged.class, 28, world);
    }
}
