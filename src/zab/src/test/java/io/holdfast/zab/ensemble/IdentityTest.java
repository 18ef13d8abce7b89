package io.holdfast.zab.ensemble;

import static io.holdfast.zab.ensemble.EnsembleTest.SMALL;
import static io.holdfast.zab.ensemble.Scenario.aLeader;
import static io.holdfast.zab.ensemble.Scenario.answered;
import static io.holdfast.zab.ensemble.Scenario.any;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.ZabConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A member is an id and a disk: whoever comes back with another disk has no voice before it is let in again. */
final class IdentityTest {

    static final ZabConfig BINDING = SMALL.withIdentity(2, true);

    private static final ZabConfig ASKING = SMALL.withIdentity(2, false);
    private static final long LIMIT_MILLIS = 5_000;
    private static final int SEEDS = Integer.getInteger("identity.seeds", 60);
    private static final long FIRST_SEED = Long.getLong("identity.seed", 1);

    private static SimEnsemble started(long seed, int voters, int observers, ZabConfig config) {
        SimEnsemble ensemble = new SimEnsemble(seed, voters, observers, config);
        ensemble.startAll();
        ensemble.awaitLeader();
        allAreBound(ensemble, LIMIT_MILLIS);
        return ensemble;
    }

    private static void allAreBound(SimEnsemble ensemble, long millis) {
        ensemble.await("all vote with the disks that they have", millis, () -> {
            SimNode leader = aLeader(ensemble);
            return leader != null
                    && leader.status().settled()
                    && ensemble.nodes().stream().allMatch(node -> isBound(node, leader))
                    && ensemble.nodes().stream().allMatch(node -> isBound(node, node));
        });
    }

    /** A voter has to be bound to its disk, an observer to none. */
    private static boolean isBound(SimNode node, SimNode knowing) {
        if (!knowing.isUp()) {
            return false;
        }
        Configuration known = knowing.status().configuration();
        DiskId bound = known.disk(node.id());
        return known.level() == 2
                && known.contains(node.id())
                && (known.isVoter(node.id()) ? node.disk().id().equals(bound) : bound == null);
    }

    // ---- disks are known ----

    @Test
    void theFirstLeaderBindsAllVotersToTheirDisksWhenAllSpeakOfThem() {
        SimEnsemble ensemble = started(1, 3, 1, BINDING);
        Configuration now = aLeader(ensemble).status().configuration();
        assertEquals(2, now.level());
        assertEquals(1, now.version());
        ensemble.runMillis(5_000);
        assertEquals(1, aLeader(ensemble).status().quorum().latest().version());
        assertEquals(1, ensemble.history().leaders());
    }

    @Test
    void aServerThatJoinsIsBoundWhenItIsGivenItsVote() {
        SimEnsemble ensemble = started(2, 1, 0, BINDING);
        SimNode leader = aLeader(ensemble);
        Configuration now = leader.status().configuration();
        List<Member> members = new ArrayList<>(now.members());
        members.add(new Member(new ServerId(2), MemberRole.OBSERVER, "sim", 2));
        ensemble.reconfigure(leader, now.next(members));
        ensemble.runMillis(200);
        ensemble.startJoiner(2);
        ensemble.await("it observes", LIMIT_MILLIS, () -> ensemble.node(2).serves());
        ensemble.runMillis(2_000);
        assertEquals(2, leader.status().quorum().latest().version(), "an observer's disk is no reason for a change");
        promote(ensemble, 2);
        assertTrue(aLeader(ensemble).status().configuration().isVoter(new ServerId(2)));
        allAreBound(ensemble, LIMIT_MILLIS);
        answered(ensemble, ensemble.node(2), 500);
    }

    @Test
    void whoLosesItsVoteMayLoseItsDiskAndGetAVoteAgain() {
        SimEnsemble ensemble = started(9, 3, 0, ASKING);
        SimNode leader = aLeader(ensemble);
        SimNode node = any(ensemble, leader);
        change(ensemble, node.id().value(), MemberRole.OBSERVER);
        allAreBound(ensemble, LIMIT_MILLIS);
        ensemble.wipe(node);
        ensemble.start(node);
        ensemble.await("it serves", LIMIT_MILLIS, node::serves);
        ensemble.runMillis(300);
        promote(ensemble, node.id().value());
        allAreBound(ensemble, LIMIT_MILLIS);
    }

    /** Somebody asks for the voter without naming a disk, as one does who only knows its id. */
    private static void promote(SimEnsemble ensemble, int id) {
        change(ensemble, id, MemberRole.VOTER);
    }

    private static void change(SimEnsemble ensemble, int id, MemberRole role) {
        SimNode leader = aLeader(ensemble);
        long request =
                ensemble.reconfigure(leader, MembershipTest.with(leader.status().configuration(), id, role));
        ensemble.await("an answer", LIMIT_MILLIS, () -> ensemble.isAnswered(leader, request));
        assertNull(ensemble.refusal(request));
        ensemble.await("it is settled", LIMIT_MILLIS, () -> leader.status().settled());
    }

    // ---- another disk ----

    @Test
    void aWipedVoterComesBackAsAnObserverAndVotesAgainByItself() {
        SimEnsemble ensemble = started(3, 3, 0, BINDING);
        SimNode leader = aLeader(ensemble);
        SimNode wiped = any(ensemble, leader);
        for (int i = 0; i < 130; i++) {
            answered(ensemble, leader, 500);
        }
        ensemble.wipe(wiped);
        ensemble.start(wiped);
        boolean[] observed = {false};
        ensemble.await("it votes again", LIMIT_MILLIS, () -> {
            observed[0] |= wiped.status().role() == Role.OBSERVING;
            return wiped.serves() && wiped.status().role() == Role.FOLLOWING && isBound(wiped, wiped);
        });
        assertTrue(observed[0], "it was an observer before");
        assertEquals(1, ensemble.history().leaders(), "nobody was disturbed");
        answered(ensemble, wiped, 500);
        allAreBound(ensemble, LIMIT_MILLIS);
        ensemble.crash(any(ensemble, wiped));
        ensemble.await("it counts", LIMIT_MILLIS, () -> aLeader(ensemble) != null && wiped.serves());
        answered(ensemble, wiped, 2_000);
    }

    @Test
    void whereNobodyIsReadmittedByItselfItObservesUntilSomebodyAsksForTheVoter() {
        SimEnsemble ensemble = started(4, 3, 0, ASKING);
        SimNode leader = aLeader(ensemble);
        SimNode wiped = any(ensemble, leader);
        ensemble.wipe(wiped);
        ensemble.start(wiped);
        ensemble.await("it serves", LIMIT_MILLIS, wiped::serves);
        ensemble.runMillis(5_000);
        assertEquals(Role.OBSERVING, wiped.status().role());
        assertEquals(1, leader.status().configuration().version());
        SimNode third = ensemble.nodes().stream()
                .filter(node -> node != leader && node != wiped)
                .findFirst()
                .orElseThrow();
        ensemble.crash(third);
        ensemble.await("its voice is not enough", LIMIT_MILLIS, () -> !leader.leads());
        ensemble.start(third);
        ensemble.await("all serve", LIMIT_MILLIS, () -> ensemble.leader() != null);
        ensemble.runMillis(300);
        promote(ensemble, wiped.id().value());
        allAreBound(ensemble, LIMIT_MILLIS);
        ensemble.await("it follows", LIMIT_MILLIS, () -> wiped.status().role() != Role.OBSERVING);
    }

    @Test
    void aVoterIsNotBoundToADiskThatNobodySees() {
        SimEnsemble ensemble = started(5, 3, 0, ASKING);
        SimNode leader = aLeader(ensemble);
        SimNode away = any(ensemble, leader);
        ensemble.wipe(away);
        Configuration now = leader.status().configuration();
        List<Member> members = new ArrayList<>(now.members());
        members.replaceAll(member ->
                member.id().equals(away.id()) ? member.withDisk(away.disk().id()) : member);
        long request = ensemble.reconfigure(leader, now.next(members));
        ensemble.await("an answer", LIMIT_MILLIS, () -> ensemble.isAnswered(leader, request));
        assertEquals(RequestFailure.VOTER_NOT_SYNCED, ensemble.refusal(request));
    }

    /** What two servers had acknowledged is on one disk now, and the third server never heard of it. */
    @Test
    void aWipedVoterDoesNotHelpToElectWhoLacksWhatItHadAcknowledged() {
        SimEnsemble ensemble = started(6, 3, 0, BINDING);
        SimNode leader = aLeader(ensemble);
        SimNode behind = any(ensemble, leader);
        SimNode wiped = ensemble.nodes().stream()
                .filter(node -> node != leader && node != behind)
                .findFirst()
                .orElseThrow();
        ensemble.crash(behind);
        for (int i = 0; i < 20; i++) {
            answered(ensemble, leader, 500);
        }
        ensemble.crash(leader);
        ensemble.wipe(wiped);
        int leaders = ensemble.history().leaders();
        ensemble.start(wiped);
        ensemble.start(behind);
        ensemble.runMillis(20_000);
        assertEquals(leaders, ensemble.history().leaders(), "the two of them elect nobody");
        ensemble.start(leader);
        ensemble.await("all serve", LIMIT_MILLIS, () -> ensemble.leader() != null);
        answered(ensemble, wiped, 2_000);
        allAreBound(ensemble, LIMIT_MILLIS);
        ensemble.await("all have applied all", LIMIT_MILLIS, () -> Scenario.hasConverged(ensemble));
    }

    @Test
    void aDiskOfEarlierIsAsForeignAsAnEmptyOne() {
        SimEnsemble ensemble = started(7, 3, 0, BINDING);
        SimNode leader = aLeader(ensemble);
        SimNode node = any(ensemble, leader);
        MemoryDisk earlier = node.disk();
        ensemble.wipe(node);
        ensemble.start(node);
        allAreBound(ensemble, LIMIT_MILLIS);
        for (int i = 0; i < 20; i++) {
            answered(ensemble, leader, 500);
        }
        ensemble.replaceDisk(node, earlier);
        ensemble.start(node);
        boolean[] observed = {false};
        ensemble.await("it votes again", LIMIT_MILLIS, () -> {
            observed[0] |= node.status().role() == Role.OBSERVING;
            return node.serves() && node.status().role() == Role.FOLLOWING && isBound(node, leader);
        });
        assertTrue(observed[0], "it was an observer before");
        assertEquals(1, ensemble.history().leaders(), "nobody was disturbed");
    }

    /** A server with another disk says hello under the id of the candidate, which is no candidate any more. */
    @Test
    void aCandidateIsForgottenWhenItsServerHasAnotherDisk() {
        SimEnsemble ensemble = started(10, 5, 0, BINDING);
        SimNode leader = aLeader(ensemble);
        List<SimNode> left = new ArrayList<>(ensemble.nodes());
        left.remove(leader);
        SimNode candidate = left.remove(3);
        MemoryDisk earlier = candidate.disk();
        ensemble.wipe(candidate);
        ensemble.start(candidate);
        allAreBound(ensemble, LIMIT_MILLIS);
        // Two are heard, so that a quorum is connected, but do not vote as long as their disks are stuck.
        left.subList(0, 2).forEach(SimNode::stallDisk);
        answered(ensemble, leader, 500);
        ensemble.crash(leader);
        ensemble.runMillis(1_000);
        ensemble.replaceDisk(candidate, earlier);
        ensemble.start(candidate);
        left.subList(0, 2).forEach(SimNode::releaseDisk);
        ensemble.await("the other three elect one of them", LIMIT_MILLIS, () -> ensemble.leader() != null);
    }

    /** They would find each other much sooner than the one that knows better. */
    @Test
    void aWipedMajorityDoesNotBeginAnewBesideTheSurvivor() {
        SimEnsemble ensemble = started(8, 3, 0, BINDING);
        SimNode survivor = aLeader(ensemble);
        answered(ensemble, survivor, 500);
        Scenario.others(ensemble, survivor, ensemble::wipe);
        int leaders = ensemble.history().leaders();
        Scenario.others(ensemble, survivor, ensemble::start);
        ensemble.runMillis(30_000);
        assertEquals(leaders, ensemble.history().leaders());
        Scenario.others(
                ensemble,
                survivor,
                node -> assertNotEquals(Role.LEADING, node.status().role()));
    }

    // ---- storms ----

    /** Any disk may be lost at any time, as long as a quorum of those that the members are bound to is there. */
    @Test
    void nothingAcknowledgedIsLostWhileAQuorumOfTheBoundDisksSurvives() {
        int wiped = 0;
        int acknowledged = 0;
        long swapped = 0;
        for (int i = 0; i < SEEDS; i++) {
            Wipes wipes = storm(FIRST_SEED + i);
            wiped += wipes.wiped();
            swapped += wipes.swapped();
            acknowledged += wipes.ensemble().history().acknowledged();
        }
        System.out.printf(
                "%d seeds from %d: %d disks lost, %d put back, %d acknowledged%n",
                SEEDS, FIRST_SEED, wiped, swapped, acknowledged);
        assertTrue(wiped > 2 * SEEDS && swapped > SEEDS / 2 && acknowledged > 50 * SEEDS);
    }

    private static Wipes storm(long seed) {
        Random draw = new Random(seed * 41 + 7);
        SimEnsemble ensemble = new SimEnsemble(seed, 3 + draw.nextInt(3), draw.nextInt(2), BINDING);
        Storm storm = new Storm(ensemble, draw, false);
        Wipes wipes = new Wipes(ensemble, draw);
        try {
            ensemble.startAll();
            wipes.begin();
            storm.rage(15_000);
            wipes.end();
            storm.calm();
            allAreBound(ensemble, 30_000);
            for (SimNode node : ensemble.nodes()) {
                answered(ensemble, node, 5_000);
            }
            ensemble.await("all have applied all", 5_000, () -> Scenario.hasConverged(ensemble));
        } catch (RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e + "\n" + ensemble.history().lastLines(60), e);
        }
        return wipes;
    }
}
