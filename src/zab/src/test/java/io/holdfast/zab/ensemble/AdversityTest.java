package io.holdfast.zab.ensemble;

import static io.holdfast.zab.ensemble.EnsembleTest.SMALL;
import static io.holdfast.zab.ensemble.Scenario.aLeader;
import static io.holdfast.zab.ensemble.Scenario.answered;
import static io.holdfast.zab.ensemble.Scenario.any;
import static io.holdfast.zab.ensemble.Scenario.cutAt;
import static io.holdfast.zab.ensemble.Scenario.later;
import static io.holdfast.zab.ensemble.Scenario.others;
import static io.holdfast.zab.ensemble.Scenario.started;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.message.AckEpoch;
import io.holdfast.zab.core.message.AckNewLeader;
import io.holdfast.zab.core.message.NewLeader;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.SyncBegin;
import io.holdfast.zab.core.message.UpToDate;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One misfortune at a time, at the worst moment of an election: the ensemble gets over each, and soon. */
final class AdversityTest {

    private static final int GRAPHS = Integer.getInteger("graphs", 60);

    // ---- elections ----

    /** All links go through one server: only it can lead, whatever its number. */
    @Test
    void inAStarTheCenterLeads() {
        SimEnsemble ensemble = new SimEnsemble(101, 5, SMALL);
        for (int one = 2; one <= 5; one++) {
            for (int other = one + 1; other <= 5; other++) {
                ensemble.network().blockBoth(new ServerId(one), new ServerId(other));
            }
        }
        ensemble.startAll();
        ensemble.await("the center leads", 2_000, () -> ensemble.node(1).leads());
        ensemble.await("all follow", 2_000, () -> ensemble.leader() == ensemble.node(1));
        ensemble.runMillis(10_000);
        assertEquals(1, ensemble.history().leaders());
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5})
    void aChainElectsALeaderAndKeepsIt(int voters) {
        SimEnsemble ensemble = new SimEnsemble(102, voters, SMALL);
        for (int one = 1; one <= voters; one++) {
            for (int other = one + 2; other <= voters; other++) {
                ensemble.network().blockBoth(new ServerId(one), new ServerId(other));
            }
        }
        ensemble.startAll();
        ensemble.await("a leader", 3_000, () -> aLeader(ensemble) != null);
        answered(ensemble, aLeader(ensemble), 1_000);
        ensemble.runMillis(10_000);
        assertEquals(1, ensemble.history().leaders());
        ensemble.network().healAll();
        ensemble.await("all serve", 5_000, () -> ensemble.leader() != null);
        assertEquals(1, ensemble.history().leaders());
    }

    /** L1 (correctness.md#the-simulator): one server that reaches a quorum in both directions is enough. */
    @Test
    void aLeaderIsFoundWheneverSomebodyReachesAQuorum() {
        int broken = 0;
        for (int seed = 1; seed <= GRAPHS; seed++) {
            Random draw = new Random(seed);
            int voters = 3 + draw.nextInt(3);
            SimEnsemble ensemble = new SimEnsemble(seed, voters, SMALL);
            boolean breaksLater = draw.nextBoolean();
            ensemble.startAll();
            if (breaksLater) {
                ensemble.awaitLeader();
                ensemble.runMillis(draw.nextInt(500));
            }
            if (!breaksSome(ensemble, draw)) {
                continue;
            }
            broken++;
            ensemble.await("a leader that answers", 8_000, () -> aLeader(ensemble) != null && isFollowed(ensemble));
            ensemble.runMillis(3_000);
            int leaders = ensemble.history().leaders();
            ensemble.runMillis(10_000);
            ensemble.check(ensemble.history().leaders() == leaders, "leaders come and go");
            SimNode leader = aLeader(ensemble);
            ensemble.check(leader != null, "the leader is gone");
            answered(ensemble, leader, 500);
        }
        assertTrue(broken > GRAPHS / 4);
    }

    @Test
    void aLeaderThatNobodyHearsIsReplaced() {
        SimEnsemble ensemble = started(103, 3);
        SimNode leader = ensemble.leader();
        others(ensemble, leader, other -> ensemble.network().block(leader.id(), other.id()));
        SimNode other = any(ensemble, leader);
        ensemble.await("another leader", 3_000, () -> aLeader(ensemble) != null && aLeader(ensemble) != leader);
        answered(ensemble, other, 2_000);
        ensemble.network().healAll();
        ensemble.await("all serve", 3_000, () -> ensemble.leader() != null);
    }

    @Test
    void aLeaderThatHearsNobodyIsReplaced() {
        SimEnsemble ensemble = started(104, 3);
        SimNode leader = ensemble.leader();
        others(ensemble, leader, other -> ensemble.network().block(other.id(), leader.id()));
        ensemble.await("another leader", 3_000, () -> aLeader(ensemble) != null && aLeader(ensemble) != leader);
        ensemble.network().healAll();
        ensemble.await("all serve", 3_000, () -> ensemble.leader() != null);
    }

    /** It is heard and elected, but no link to it opens. */
    @Test
    void aCandidateThatNeverTakesOfficeIsPassedOver() {
        SimEnsemble ensemble = new SimEnsemble(105, 3, SMALL);
        ensemble.network().refuseLinksTo(new ServerId(3));
        ensemble.startAll();
        ensemble.await("another leads", 3_000, () -> ensemble.node(2).leads());
        ensemble.await("all serve", 3_000, () -> ensemble.leader() != null);
        ensemble.runMillis(10_000);
        assertEquals(1, ensemble.history().leaders());
    }

    /** A vote that came while the log was still written is not waited for until its sender repeats it. */
    @Test
    void aVoterThatIsLateToLookLearnsTheVotesAtOnce() {
        SimEnsemble ensemble = started(106, 3);
        SimNode leader = ensemble.leader();
        SimNode late = any(ensemble, leader);
        late.stallDisk();
        ensemble.submit(leader);
        ensemble.await(
                "it is being written",
                100,
                () -> late.status().lastLogged().isAfter(late.status().lastDurable()));
        ensemble.crash(leader);
        ensemble.runMillis(360);
        late.releaseDisk();
        ensemble.await("a leader", 100, () -> aLeader(ensemble) != null);
    }

    /** Whatever comes first, the leader's word or its hello, the other is not waited for until it is repeated. */
    @Test
    void aServerThatRestartsIsBackAtOnce() {
        for (int seed = 1; seed <= 30; seed++) {
            SimEnsemble ensemble = started(seed, 3);
            SimNode follower = any(ensemble, ensemble.leader());
            ensemble.crash(follower);
            ensemble.runMillis(1_000);
            ensemble.start(follower);
            ensemble.await("it serves", 20, follower::serves);
        }
    }

    // ---- candidates ----

    /** Its own promise is not durable in time, so its voters elect another; it does not wait for them to come back. */
    @Test
    void aCandidateWhoseVotersLeftLooksAgainWithThem() {
        SimEnsemble ensemble = new SimEnsemble(107, 3, SMALL);
        ensemble.node(3).stallDisk();
        ensemble.startAll();
        ensemble.await("another leads", 5_000, () -> aLeader(ensemble) != null);
        assertEquals(Role.LOOKING, ensemble.node(3).status().role());
        ensemble.node(3).releaseDisk();
        ensemble.await("all serve", 2_000, () -> ensemble.leader() != null);
    }

    /** With one voter down, a link that breaks in the middle costs an election, not the whole limit. */
    @ParameterizedTest
    @ValueSource(classes = {AckEpoch.class, NewLeader.class, AckNewLeader.class, UpToDate.class})
    void aLinkThatBreaksBeforeTheLeaderServesCostsOneElection(Class<? extends ReplicationMessage> step) {
        SimEnsemble ensemble = new SimEnsemble(108, 3, SMALL);
        cutAt(ensemble, step);
        ensemble.start(ensemble.node(2));
        ensemble.start(ensemble.node(3));
        ensemble.await("both serve", 1_000, () -> ensemble.leader() != null);
        answered(ensemble, ensemble.node(2), 500);
    }

    /** A promise to the same leader is given again to a server that comes back (protocol.md#discovery). */
    @Test
    void aVoterThatRestartsAfterItsPromiseIsCountedOnce() {
        SimEnsemble ensemble = new SimEnsemble(109, 3, SMALL);
        boolean[] done = {false};
        ensemble.node(2).stallDisk();
        ensemble.network().tap((from, to, message) -> {
            if (message instanceof AckEpoch && from.value() == 1 && !done[0]) {
                done[0] = true;
                later(ensemble, 0, () -> {
                    ensemble.crash(ensemble.node(1));
                    ensemble.start(ensemble.node(1));
                });
                return false;
            }
            return true;
        });
        ensemble.startAll();
        ensemble.await("a leader", 1_500, () -> aLeader(ensemble) != null);
        assertTrue(done[0]);
        assertEquals(1, aLeader(ensemble).status().epoch());
    }

    /** What a candidate heard while its own promise was written counts as a sign of life afterwards. */
    @Test
    void learnersThatAnswerAfterASlowPromiseAreNotTakenForSilent() {
        SimEnsemble ensemble = new SimEnsemble(110, 3, SMALL);
        ensemble.node(3).stallDisk();
        int[] begun = {0};
        ensemble.network().tap((from, to, message) -> {
            begun[0] += message instanceof SyncBegin ? 1 : 0;
            if (message instanceof AckEpoch) {
                ensemble.node(from).pause(ensemble.scheduler().now() + TimeUnit.MILLISECONDS.toNanos(250));
            }
            return true;
        });
        ensemble.startAll();
        ensemble.runMillis(1_300);
        ensemble.node(3).releaseDisk();
        ensemble.await("all serve", 3_000, () -> ensemble.leader() != null);
        assertEquals(2, begun[0]);
    }

    /** What one of them says ends the candidate's stage; the others must not wait for an answer then. */
    @Test
    void learnersThatDialedACandidateEarlyAreAllToldWhenItGivesUp() {
        SimEnsemble ensemble = new SimEnsemble(122, 5, SMALL);
        ensemble.node(3).promised(20, new ServerId(3));
        ensemble.startAll();
        ensemble.runMillis(15);
        ensemble.node(5).pause(ensemble.scheduler().now() + TimeUnit.MILLISECONDS.toNanos(50));
        ensemble.await("all serve", 1_000, () -> ensemble.leader() != null);
    }

    /** A server that promised far ahead costs one election, not one for each epoch in between. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void aVoterThatPromisedAMuchHigherEpochCostsOneElection(int seed) {
        SimEnsemble ensemble = new SimEnsemble(seed, 5, SMALL);
        ensemble.node(1).promised(20, new ServerId(1));
        for (int i = 2; i <= 5; i++) {
            ensemble.start(ensemble.node(i));
        }
        ensemble.awaitLeader();
        ensemble.start(ensemble.node(1));
        ensemble.await("all serve", 3_000, () -> ensemble.leader() != null);
        assertEquals(2, ensemble.history().leaders());
        assertTrue(ensemble.leader().status().epoch() > 20);
    }

    // ---- how ----

    /** Blocks directions at random; returns whether some server still reaches a quorum in both. */
    private static boolean breaksSome(SimEnsemble ensemble, Random draw) {
        int voters = ensemble.nodes().size();
        boolean[][] open = new boolean[voters][voters];
        boolean oneWay = draw.nextInt(3) == 0;
        int percent = 30 + draw.nextInt(60);
        for (int i = 0; i < voters; i++) {
            for (int j = i + 1; j < voters; j++) {
                open[i][j] = draw.nextInt(100) < percent;
                open[j][i] = oneWay ? draw.nextInt(100) < percent : open[i][j];
            }
        }
        boolean enough = false;
        for (int i = 0; i < voters; i++) {
            int reached = 1;
            for (int j = 0; j < voters; j++) {
                if (i != j && !open[i][j]) {
                    ensemble.network().block(new ServerId(i + 1), new ServerId(j + 1));
                }
                reached += i != j && open[i][j] && open[j][i] ? 1 : 0;
            }
            enough |= reached > voters / 2;
        }
        return enough;
    }

    /** A quorum serves under one leader. */
    private static boolean isFollowed(SimEnsemble ensemble) {
        SimNode leader = aLeader(ensemble);
        long serving = ensemble.nodes().stream()
                .filter(node -> node.serves()
                        && node.status().epoch() == leader.status().epoch())
                .count();
        return serving > ensemble.nodes().size() / 2;
    }
}
