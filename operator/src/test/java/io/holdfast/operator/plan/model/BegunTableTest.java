package io.holdfast.operator.plan.model;

import static io.holdfast.operator.plan.model.Course.act;
import static io.holdfast.operator.plan.model.Course.assertAction;
import static io.holdfast.operator.plan.model.Course.converge;
import static io.holdfast.operator.plan.model.Course.next;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Look;
import org.junit.jupiter.api.Test;

/** What follows once from the generation of an ensemble, when it is recorded or another one. */
class BegunTableTest {

    /** An ensemble that began with a backup, up to the moment when nothing founds any more. */
    private static World restored() {
        World world = Worlds.empty(1, 0);
        Worlds.flags(world, false, true, true);
        act(world);
        assertTrue(world.seat(1).set.restores);
        Surroundings.rest(world);
        assertTrue(world.pod(1).restores);
        assertInstanceOf(Action.RecordGeneration.class, next(world));
        act(world);
        assertInstanceOf(Action.CloseFounding.class, next(world));
        act(world);
        return world;
    }

    @Test
    void row7TakesTheRestoreOutOfTheStatefulSetAndLeavesThePod() {
        World world = restored();
        String uid = world.pod(1).uid;
        assertEquals(1, assertAction(Action.DropRestore.class, 7, world).id());
        act(world);
        converge(world);
        assertFalse(world.seat(1).set.restores);
        assertEquals(uid, world.pod(1).uid);
    }

    @Test
    void row7LeavesTheRestoreWhileNothingIsFounded() {
        World world = Worlds.empty(1, 0);
        Worlds.flags(world, false, true, true);
        act(world);
        Surroundings.rest(world);
        assertInstanceOf(Action.RecordGeneration.class, next(world));
        assertTrue(world.seat(1).set.restores);
    }

    @Test
    void aVoterComesBackAlsoWhenWhatWasRestoredFromIsGone() {
        World world = restored();
        converge(world);
        world.storeGone = true;
        Worlds.losePod(world, 1);
        Surroundings.rest(world);
        assertTrue(world.pod(1).ready);
    }

    @Test
    void aPodThatWouldRestoreAgainAndCannotIsReplaced() {
        World world = restored();
        converge(world);
        world.storeGone = true;
        Worlds.restart(world, 1);
        assertEquals(1, assertAction(Action.Evict.class, 9, world).id());
        act(world);
        Surroundings.rest(world);
        assertTrue(world.pod(1).ready);
    }

    @Test
    void row7LabelsAClaimThatIsOlderThanTheEnsembleAlsoMuchLater() {
        World world = Worlds.converged(3, 0);
        world.seat(1).claim.generation = null;
        Action.LabelClaim label = assertAction(Action.LabelClaim.class, 7, world);
        assertEquals(1, label.id());
        assertEquals(world.generation, label.generation());
        act(world);
        converge(world);
        assertEquals(world.generation, world.seat(1).claim.generation);
    }

    @Test
    void row7LabelsNoClaimThatIsOfNoMoreUseOrOfAnotherCluster() {
        World world = Worlds.converged(1, 0);
        World.Claim kept = new World.Claim("c-voter-8", "u8", 10, world.wanted.uid(), new World.Disk("d8"));
        kept.mark = Look.Mark.BEFORE;
        world.seat(8).claim = kept;
        world.seat(9).claim = new World.Claim("c-voter-9", "u9", 10, "another", new World.Disk("d9"));
        assertInstanceOf(Action.Converged.class, next(world));
    }

    @Test
    void row7TellsPodsOfAnAdoptedEnsembleTheGeneration() {
        World world = Worlds.converged(3, 0);
        world.start = new Look.Start.Joining(new Look.Version("c-start", "s", "3"), world.ensemble.voters());
        assertAction(Action.UpdateJoin.class, 7, world);
        act(world);
        assertEquals(world.generation, ((Look.Start.Joining) world.start).generation());
        converge(world);
    }

    @Test
    void row21SaysThatNoHostTakesANewcomer() {
        World world = Worlds.converged(1, 0);
        Worlds.voters(world, 3);
        act(world);
        Surroundings.steps(world).get(0).on(world);
        world.pod(2).waiting = new Look.Waiting("Unschedulable", world.now);
        Action.Wait wait = assertAction(Action.Wait.class, 21, world);
        assertTrue(wait.why().contains("spec.placement.hosts"), wait.why());
    }

    /** Its volume is of the time before a recovery, and would bring the old generation back with each pod. */
    @Test
    void row27TheVolumeOfAnObserverOfAnotherGenerationGoesWithItsPod() {
        World world = Worlds.empty(1, 1);
        world.groups.get("readers").ephemeral = false;
        converge(world);
        World.Claim before = world.claimOfObserver(10_001);
        assertNotNull(before);
        world.ensemble.members.remove(10_001);
        world.pod(10_001).synced = false;
        before.disk.generation = 77;
        world.settle();
        Action.ReplaceClaim replace = assertAction(Action.ReplaceClaim.class, 27, world);
        assertEquals(before.uid, replace.claim().uid());
        assertEquals(world.pod(10_001).uid, replace.pod().uid());
        act(world);
        Surroundings.rest(world);
        converge(world);
        assertNotEquals(before.uid, world.claimOfObserver(10_001).uid);
    }

    @Test
    void row27AClaimThatIsBeingDeletedLeavesOnlyThePodToGo() {
        World world = Worlds.empty(1, 1);
        world.groups.get("readers").ephemeral = false;
        converge(world);
        world.ensemble.members.remove(10_001);
        world.pod(10_001).synced = false;
        world.claimOfObserver(10_001).disk.generation = 77;
        world.claimOfObserver(10_001).terminating = true;
        world.settle();
        assertEquals(10_001, assertAction(Action.Evict.class, 27, world).id());
        act(world);
        Surroundings.rest(world);
        converge(world);
    }
}
