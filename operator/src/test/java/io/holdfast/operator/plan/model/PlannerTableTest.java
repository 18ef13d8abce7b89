package io.holdfast.operator.plan.model;

import static io.holdfast.operator.plan.model.Course.act;
import static io.holdfast.operator.plan.model.Course.assertAction;
import static io.holdfast.operator.plan.model.Course.assertWait;
import static io.holdfast.operator.plan.model.Course.converge;
import static io.holdfast.operator.plan.model.Course.lose;
import static io.holdfast.operator.plan.model.Course.next;
import static io.holdfast.operator.plan.model.Course.roll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Decision;
import io.holdfast.operator.plan.Look;
import io.holdfast.operator.plan.Planner;
import io.holdfast.operator.plan.Wanted;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows 1 to 18 of the planner's table, and each way on from them. */
class PlannerTableTest {

    @Test
    void row1PausedDoesNothing() {
        World world = Worlds.empty(3, 1);
        Worlds.flags(world, true, false, true);
        assertWait(world, 1, Action.Reason.PAUSED);
    }

    @Test
    void row2ANameThatIsTakenBlocks() {
        World world = Worlds.empty(3, 1);
        world.foreign = List.of("Service orders-rw");
        Action.Wait wait = assertWait(world, 2, Action.Reason.NAME_TAKEN);
        assertEquals(true, wait.reason().isBlocked());
        assertEquals(true, wait.why().contains("Service orders-rw"));
    }

    @Test
    void row3KeptClaimsAreAdoptedAndNothingIsFounded() {
        World world = kept();
        Action.Adopt adopt = assertAction(Action.Adopt.class, 3, world);
        assertEquals(List.of(1, 2, 3), adopt.voters());
        act(world);
        assertWait(world, 11, Action.Reason.ADOPTING);
        Surroundings.rest(world);
        Action.RecordGeneration record = assertAction(Action.RecordGeneration.class, 3, world);
        assertEquals(1_000, record.generation());
        assertEquals(4, record.nextId());
    }

    @Test
    void row3KeptClaimsWithoutAQuorumBlockPastTheDeadline() {
        World world = kept();
        world.seat(2).claim.phase = Look.ClaimPhase.LOST;
        world.seat(3).claim.phase = Look.ClaimPhase.LOST;
        act(world);
        Surroundings.rest(world);
        Explorer.writeStatus(world, world.look());
        world.age();
        assertWait(world, 11, Action.Reason.KEPT_VOLUMES);
    }

    /** The cluster was deleted with {@code whenDeleted: Retain}, and is made again. */
    private static World kept() {
        World world = Worlds.converged(3, 0);
        world.generation = null;
        world.nextId = 0;
        world.initialized = false;
        world.start = new Look.Start.None();
        for (World.Seat seat : world.seats.values()) {
            seat.set = null;
            seat.pod = null;
            seat.claim.madeFor = "the-uid-before";
        }
        return world;
    }

    @Test
    void row4FoundsAndGoesOnAfterEachWrite() {
        World world = Worlds.empty(1, 0);
        for (int writes = 1; writes <= 2; writes++) {
            Action.Found found = assertAction(Action.Found.class, 4, world);
            Effects.apply(world, found, 0, writes);
        }
        act(world);
        assertWait(world, 11, Action.Reason.FOUNDING);
    }

    @Test
    void row5ARefusedRestoreBlocksWithItsLastLine() {
        World world = Worlds.empty(1, 0);
        Worlds.flags(world, false, true, true);
        act(world);
        Surroundings.steps(world).get(0).on(world);
        world.pod(1).restoreExit = new Look.Exit(65, "the file is not a whole backup");
        Action.Wait wait = assertWait(world, 5, Action.Reason.RESTORE_REFUSED);
        assertEquals(true, wait.why().contains("the file is not a whole backup"));
    }

    @Test
    void row5ABackupOfAnotherEnsembleBlocksInTheServersWords() {
        World world = Worlds.empty(1, 0);
        Worlds.flags(world, false, true, true);
        act(world);
        Surroundings.steps(world).get(0).on(world);
        world.pod(1).lastExit = new Look.Exit(73, "the directory belongs to ensemble 'other'");
        Action.Wait wait = assertWait(world, 5, Action.Reason.RESTORE_REFUSED);
        assertEquals(true, wait.why().contains("'other'"));
    }

    @Test
    void row6RecordsAnIdAboveEveryOneThatIsSeen() {
        World world = Worlds.empty(1, 0);
        act(world);
        Surroundings.rest(world);
        world.seat(7).claim = new World.Claim("c-voter-7", "u7", 10, "another", new World.Disk("d7"));
        Action.RecordGeneration record = assertAction(Action.RecordGeneration.class, 6, world);
        assertEquals(8, record.nextId());
    }

    @Test
    void row7ClosesTheFoundingBeforeASecondVoter() {
        World world = Worlds.empty(3, 0);
        act(world);
        Surroundings.rest(world);
        act(world);
        assertAction(Action.CloseFounding.class, 7, world);
        act(world);
        assertAction(Action.LabelClaim.class, 7, world);
        act(world);
        assertAction(Action.NewVoter.class, 23, world);
    }

    @Test
    void row7MakesTheStartAgain() {
        World world = Worlds.converged(3, 0);
        world.start = new Look.Start.None();
        Action.UpdateJoin join = assertAction(Action.UpdateJoin.class, 7, world);
        assertNull(join.start());
        assertEquals(List.of(1, 2, 3), join.voters());
    }

    @Test
    void row8BringsBackWhatKeepsPodsAwayWithoutAQuorum() {
        World world = Worlds.converged(3, 0);
        lose(world, 1, 2);
        world.seat(1).set = null;
        world.seat(2).set.replicas = 0;
        assertEquals(1, assertAction(Action.Recreate.class, 8, world).id());
        act(world);
        assertEquals(2, assertAction(Action.Start.class, 8, world).id());
    }

    @Test
    void row8MakesNoClaimWithoutAQuorum() {
        World world = Worlds.converged(3, 0);
        lose(world, 1, 2);
        world.seat(1).claim = null;
        world.seat(1).set = null;
        world.age();
        assertWait(world, 11, Action.Reason.NO_QUORUM);
    }

    @Test
    void row9RepairsAStuckPodWithoutAQuorum() {
        World world = Worlds.converged(1, 0);
        world.badTemplates.add("bad");
        world.template = "bad";
        roll(world);
        assertWait(world, 11, Action.Reason.NO_QUORUM);
        world.template = "good";
        assertEquals("good", assertAction(Action.ApplyTemplate.class, 9, world).template());
        act(world);
        assertAction(Action.Evict.class, 9, world);
    }

    @Test
    void row9RepairsAVoterThatLeavesAndIsStillNeeded() {
        World world = Worlds.converged(2, 0);
        world.seat(2).set.leaving = true;
        world.seat(2).set.template = "bad";
        world.badTemplates.add("bad");
        Worlds.losePod(world, 2);
        Surroundings.rest(world);
        assertAction(Action.ApplyTemplate.class, 9, world);
        act(world);
        assertEquals(2, assertAction(Action.Evict.class, 9, world).id());
        act(world);
        Surroundings.rest(world);
        assertEquals(2, assertAction(Action.RemoveMember.class, 19, world).id());
    }

    @Test
    void row10GoesThroughARecoveryStepByStep() {
        World world = Worlds.converged(3, 0);
        Worlds.loseClaim(world, 1);
        Worlds.loseClaim(world, 3);
        Surroundings.rest(world);
        Worlds.recover(world, new Wanted.Recover.Examine(false));
        Explorer.writeStatus(world, world.look());
        assertWait(world, 11, Action.Reason.NO_QUORUM);
        world.age();
        assertEquals(3, assertAction(Action.StopVoters.class, 10, world).sets().size());
        act(world);
        assertWait(world, 10, Action.Reason.RECOVERING);
        Surroundings.rest(world);
        World.Claim removed = new World.Claim("c-voter-9", "u9", 10, world.wanted.uid(), new World.Disk("d9"));
        removed.mark = Look.Mark.REMOVED;
        world.seat(9).claim = removed;
        for (int id = 1; id <= 3; id++) {
            assertEquals(id, assertAction(Action.ExamineVolume.class, 10, world).id());
            act(world);
        }
        assertWait(world, 10, Action.Reason.AWAITS_CONFIRMATION);
        world.seats.remove(9);
        Worlds.recover(world, new Wanted.Recover.Confirm(2, "another"));
        assertWait(world, 10, Action.Reason.AWAITS_CONFIRMATION);
        Worlds.recover(world, new Wanted.Recover.Confirm(2, "code-2"));
        assertEquals(2, assertAction(Action.ConfirmRecovery.class, 10, world).id());
        act(world);
        Action.BeginGeneration begin = assertAction(Action.BeginGeneration.class, 10, world);
        assertEquals(2, begin.leaving().size());
        act(world);
        assertAction(Action.UpdateJoin.class, 7, world);
        act(world);
        assertEquals(2, assertAction(Action.Start.class, 8, world).id());
        act(world);
        assertWait(world, 11, Action.Reason.NO_QUORUM);
        converge(world);
        assertEquals(List.of(2, 4, 5), world.ensemble.voters());
        assertEquals(Look.Mark.BEFORE, world.seat(1).claim.mark);
        assertEquals(Look.Mark.BEFORE, world.seat(3).claim.mark);
    }

    @Test
    void row10LetsTheVotersStartAgainWhenTheAnnotationIsGone() {
        World world = Worlds.converged(3, 0);
        Worlds.loseClaim(world, 1);
        Worlds.loseClaim(world, 3);
        Worlds.recover(world, new Wanted.Recover.Examine(false));
        Explorer.writeStatus(world, world.look());
        world.age();
        act(world);
        Worlds.recover(world, new Wanted.Recover.No());
        assertAction(Action.Start.class, 8, world);
    }

    @Test
    void row11DoesNothingWithoutAQuorum() {
        World world = Worlds.converged(3, 2);
        Worlds.voters(world, 5);
        world.template = "t2";
        world.groups.get("readers").wantedReplicas = 0;
        lose(world, 1, 2);
        world.age();
        assertWait(world, 11, Action.Reason.NO_QUORUM);
    }

    @Test
    void row11AnotherGenerationIsNoQuorum() {
        World world = Worlds.converged(1, 0);
        world.generation = 77L;
        world.start = new Look.Start.Joining(new Look.Version("c-start", "u", "0"), List.of(1), 77L);
        assertWait(world, 11, Action.Reason.NO_QUORUM);
    }

    @Test
    void row12WaitsForEveryChange() {
        World world = Worlds.converged(3, 0);
        world.ensemble.pending = true;
        Worlds.voters(world, 1);
        assertWait(world, 12, Action.Reason.CHANGE_PENDING);
    }

    @Test
    void row13MakesAStatefulSetAgain() {
        World world = Worlds.converged(3, 0);
        world.seat(2).set = null;
        assertEquals(2, assertAction(Action.Recreate.class, 13, world).id());
        world.seat(2).set = new World.Sts("c-voter-2", "new", 0, world.template);
        assertEquals(2, assertAction(Action.Start.class, 13, world).id());
    }

    @Test
    void row13GoesOnWithAVoterWhoseMakingEndedAfterItsClaim() {
        World world = Worlds.converged(1, 0);
        Worlds.voters(world, 2);
        Action.NewVoter voter = assertAction(Action.NewVoter.class, 23, world);
        Effects.apply(world, voter, world.statusVersion, 2);
        assertEquals(voter.id(), assertAction(Action.Recreate.class, 13, world).id());
    }

    @Test
    void row13TellsTheStartWhoVotes() {
        World world = Worlds.converged(3, 0);
        world.start = new Look.Start.Joining(new Look.Version("c-start", "u", "0"), List.of(1, 2), world.generation);
        assertEquals(
                List.of(1, 2, 3),
                assertAction(Action.UpdateJoin.class, 13, world).voters());
    }

    @Test
    void row14RepairsAStuckPodBeforeItWaitsForIt() {
        World world = Worlds.converged(3, 1);
        world.badTemplates.add("bad");
        world.template = "bad";
        roll(world);
        world.template = "good";
        assertAction(Action.ApplyTemplate.class, 14, world);
        act(world);
        assertAction(Action.Evict.class, 14, world);
    }

    @Test
    void row14LeavesAVoterThatIsNotReadyAndStillCounts() {
        World world = Worlds.converged(3, 0);
        world.template = "t2";
        World.Pod unready = world.pod(3);
        unready.ready = false;
        world.age();
        Worlds.losePodOnly(world, 2);
        assertWait(world, 18, Action.Reason.VOTER_AWAY);
    }

    @Test
    void row15GivesUpTheVoterThatIsAwayWhenThereIsOneTooMany() {
        World world = Worlds.converged(3, 0);
        Worlds.voters(world, 2);
        Worlds.loseNode(world, 1);
        Explorer.writeStatus(world, world.look());
        assertWait(world, 18, Action.Reason.VOTER_AWAY);
        world.age();
        assertEquals(1, assertAction(Action.MarkLeaving.class, 15, world).id());
    }

    @Test
    void row15GivesUpTheOneThatReplaceNames() {
        World world = Worlds.converged(4, 0);
        Worlds.voters(world, 3);
        Worlds.replace(world, 2);
        Worlds.loseNode(world, 4);
        Explorer.writeStatus(world, world.look());
        world.age();
        assertEquals(2, assertAction(Action.MarkLeaving.class, 15, world).id());
    }

    @Test
    void row16ReplacesALostVolumeStepByStep() {
        World world = lostVolume();
        assertWait(world, 18, Action.Reason.VOLUME_LOST);
        world.age();
        assertAction(Action.ReplaceClaim.class, 16, world);
        act(world);
        world.seat(2).pod = null;
        assertWait(world, 16, Action.Reason.REPLACING);
        world.seat(2).claim = null;
        assertAction(Action.MakeClaim.class, 16, world);
        converge(world);
        assertEquals(List.of(1, 2, 3), world.ensemble.voters());
    }

    @Test
    void row16WaitsForAllOthers() {
        World world = lostVolume();
        world.age();
        Worlds.losePodOnly(world, 3);
        Worlds.losePodOnly(world, 1);
        assertEquals(11, next(world).row());
        World four = Worlds.converged(5, 0);
        Worlds.loseClaim(four, 2);
        Surroundings.rest(four);
        Explorer.writeStatus(four, four.look());
        four.age();
        Worlds.losePodOnly(four, 5);
        assertWait(four, 18, Action.Reason.VOLUME_LOST);
    }

    @Test
    void row16LeavesTheVolumeWhenThePolicySaysSo() {
        World world = lostVolume();
        Worlds.storage(world, new Wanted.Storage(false, 10, false, Duration.ZERO, true));
        world.age();
        assertWait(world, 18, Action.Reason.VOLUME_LOST);
    }

    @Test
    void row16TakesADamagedLogAndAnotherGenerationForALostVolume() {
        World damaged = Worlds.converged(3, 0);
        World.Pod pod = damaged.pod(2);
        pod.ready = false;
        pod.running = false;
        pod.synced = false;
        pod.lastExit = new Look.Exit(74, "segment 3 is damaged at 4096");
        Explorer.writeStatus(damaged, damaged.look());
        damaged.age();
        assertAction(Action.ReplaceClaim.class, 16, damaged);
        World other = Worlds.converged(3, 0);
        other.seat(2).claim.generation = 17L;
        other.pod(2).synced = false;
        other.settle();
        Explorer.writeStatus(other, other.look());
        other.age();
        assertAction(Action.ReplaceClaim.class, 16, other);
    }

    private static World lostVolume() {
        World world = Worlds.converged(3, 0);
        Worlds.loseClaim(world, 2);
        Surroundings.rest(world);
        Explorer.writeStatus(world, world.look());
        return world;
    }

    @Test
    void row17ReadmitsTheVoterThatTheAnnotationNames() {
        World world = Worlds.converged(3, 0);
        world.ensemble.members.get(2).votingDisk = "the-disk-before";
        assertWait(world, 18, Action.Reason.AWAITS_READMISSION);
        Worlds.readmit(world, 2);
        assertEquals(2, assertAction(Action.Promote.class, 17, world).id());
        act(world);
        Surroundings.rest(world);
        assertAction(Action.Converged.class, 28, world);
    }

    @Test
    void row18SaysWhyItWaits() {
        World away = Worlds.converged(3, 0);
        Worlds.losePod(away, 2);
        assertWait(away, 18, Action.Reason.VOTER_AWAY);
        World rolls = Worlds.converged(3, 0);
        rolls.template = "t2";
        roll(rolls, 2);
        Surroundings.steps(rolls).get(0).on(rolls);
        Surroundings.steps(rolls).get(0).on(rolls);
        assertWait(rolls, 18, Action.Reason.ROLLING);
        World stuck = Worlds.converged(3, 0);
        stuck.badTemplates.add("bad");
        stuck.template = "bad";
        roll(stuck);
        assertWait(stuck, 18, Action.Reason.ROLLOUT_STUCK);
    }

    @Test
    void row18GoesOnToTheObservers() {
        World world = Worlds.converged(3, 1);
        Worlds.losePod(world, 2);
        world.groups.get("readers").wantedReplicas = 3;
        Decision decision = Planner.decide(world.look(), world.now);
        assertInstanceOf(Action.ScaleObservers.class, decision.action());
        assertEquals(Action.Reason.VOTER_AWAY, decision.heldBack().reason());
    }

    @Test
    void row18DoesNotWaitForTheVoterThatIsReplaced() {
        World world = Worlds.converged(3, 0);
        Worlds.loseNode(world, 2);
        Worlds.replace(world, 2);
        assertAction(Action.NewVoter.class, 23, world);
    }

    @Test
    void row16ReplacesTwoLostVolumesOfFive() {
        World world = Worlds.converged(5, 0);
        Worlds.loseClaim(world, 2);
        Worlds.loseClaim(world, 4);
        Surroundings.rest(world);
        converge(world);
        assertEquals(List.of(1, 2, 3, 4, 5), world.ensemble.voters());
    }
}
