package io.holdfast.zab.ensemble;

import static io.holdfast.zab.ensemble.EnsembleTest.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.SyncMode;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.AckEpoch;
import io.holdfast.zab.core.message.AckNewLeader;
import io.holdfast.zab.core.message.NewLeader;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.SnapshotChunk;
import io.holdfast.zab.core.message.SyncBegin;
import io.holdfast.zab.core.message.SyncTxn;
import io.holdfast.zab.core.message.UpToDate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One misfortune at a time, at the worst moment: the ensemble gets over each, and soon. */
final class AdversityTest {

    /** Every message of a synchronization by snapshot, in the order in which they come. */
    private static final List<Class<? extends ReplicationMessage>> STEPS = List.of(
            SyncBegin.class, SnapshotChunk.class, SyncTxn.class, NewLeader.class, AckNewLeader.class, UpToDate.class);

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

    /** Zab.md 2.5: the same promise to the same leader is given again to whoever comes back. */
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

    // ---- disks ----

    @Test
    void aLeaderWhoseDiskStallsIsReplacedAndComesBack() {
        SimEnsemble ensemble = started(111, 3);
        SimNode leader = ensemble.leader();
        leader.stallDisk();
        long request = ensemble.submit(leader);
        ensemble.await("another leads", 2_500, () -> aLeader(ensemble) != null && aLeader(ensemble) != leader);
        answered(ensemble, any(ensemble, leader), 1_000);
        assertFalse(ensemble.isAnswered(leader, request));
        leader.releaseDisk();
        ensemble.await("all serve", 2_000, () -> ensemble.leader() != null);
        ensemble.await("all have applied all", 1_000, () -> hasConverged(ensemble));
    }

    @Test
    void aFollowerWhoseDiskStallsDisturbsNobody() {
        SimEnsemble ensemble = started(112, 3);
        SimNode follower = any(ensemble, ensemble.leader());
        follower.stallDisk();
        for (int i = 0; i < 30; i++) {
            answered(
                    ensemble,
                    ensemble.nodes().stream().filter(SimNode::leads).findFirst().orElseThrow(),
                    200);
            ensemble.runMillis(100);
        }
        follower.releaseDisk();
        ensemble.await("it is back", 3_000, () -> ensemble.leader() != null && hasConverged(ensemble));
        assertEquals(1, ensemble.history().leaders());
    }

    // ---- synchronization ----

    /** It takes longer than a leader waits for a voter that is dead; but this one lives. */
    @Test
    void aLeaderWaitsForASnapshotThatItsOnlyFollowerStores() {
        SimEnsemble ensemble = withOneFarBehind(113, 3);
        SimNode behind = down(ensemble);
        SimNode leader = ensemble.leader();
        ensemble.nodes().stream()
                .filter(node -> node != behind && node != leader)
                .forEach(ensemble::crash);
        ensemble.await("it steps down", 2_000, () -> !leader.leads());
        ensemble.snapshotsTake(3 * SMALL.initLimitMillis());
        ensemble.start(behind);
        ensemble.await("both serve", 4 * SMALL.initLimitMillis(), () -> ensemble.leader() != null);
        assertEquals(1, ensemble.history().syncs().getOrDefault(SyncMode.SNAP, 0));
    }

    /** The host says so when it gets to it; the leader that sent that snapshot is long gone. */
    @Test
    void theRefusalOfAnEarlierSnapshotEndsNothing() {
        SimEnsemble ensemble = started(123, 3);
        SimNode learner = any(ensemble, ensemble.leader());
        answered(ensemble, ensemble.leader(), 500);
        ensemble.crash(learner);
        answered(ensemble, ensemble.leader(), 500);
        int[] begun = {0};
        ensemble.network().tap((from, to, message) -> {
            begun[0] += message instanceof SyncBegin ? 1 : 0;
            if (message instanceof SyncTxn) {
                learner.event(core -> core.snapshotRefused(ensemble.scheduler().now(), new Zxid(1, 1), "damaged"));
            }
            return true;
        });
        ensemble.start(learner);
        ensemble.await("it serves", 1_000, learner::serves);
        assertEquals(1, begun[0]);
    }

    @Test
    void aSnapshotThatIsCutAtAnyStepIsSentAgain() {
        for (Class<? extends ReplicationMessage> step : STEPS) {
            SimEnsemble ensemble = withOneFarBehind(114, 3);
            recovers(ensemble, step, cutAt(ensemble, step));
        }
    }

    @Test
    void aLearnerThatDiesAtAnyStepOfASnapshotComesBack() {
        for (Class<? extends ReplicationMessage> step : STEPS) {
            for (int micros = 0; micros < 1_200; micros += 150) {
                SimEnsemble ensemble = withOneFarBehind(115, 3);
                SimNode behind = down(ensemble);
                boolean[] seen = whenFirst(ensemble, step, micros, () -> restart(ensemble, behind));
                recovers(ensemble, step, seen);
            }
        }
    }

    @Test
    void aLeaderThatDiesAtAnyStepOfASnapshotIsReplaced() {
        for (Class<? extends ReplicationMessage> step : STEPS) {
            for (int micros = 0; micros < 1_200; micros += 300) {
                SimEnsemble ensemble = withOneFarBehind(116, 3);
                SimNode leader = ensemble.leader();
                boolean[] seen = whenFirst(ensemble, step, micros, () -> restart(ensemble, leader));
                recovers(ensemble, step, seen);
            }
        }
    }

    @Test
    void everythingMayRestartAtAnyStepOfASnapshot() {
        for (Class<? extends ReplicationMessage> step : STEPS) {
            for (int micros = 0; micros < 1_200; micros += 300) {
                SimEnsemble ensemble = withOneFarBehind(117, 3);
                boolean[] seen = whenFirst(
                        ensemble, step, micros, () -> ensemble.nodes().forEach(node -> restart(ensemble, node)));
                recovers(ensemble, step, seen);
            }
        }
    }

    // ---- small ensembles ----

    @Test
    void aSingleVoterKeepsWhatItAcknowledgedOverRestartsAndStalls() {
        SimEnsemble ensemble = started(118, 1);
        SimNode only = ensemble.node(1);
        for (int i = 0; i < 120; i++) {
            answered(ensemble, only, 200);
            if (i % 10 == 0) {
                ensemble.submit(only);
                restart(ensemble, only);
                ensemble.await("it leads", 1_000, only::leads);
            }
        }
        only.stallDisk();
        long request = ensemble.submit(only);
        ensemble.await("it steps down", 1_500, () -> !only.leads());
        only.releaseDisk();
        ensemble.await("it answers", 1_500, () -> ensemble.isAnswered(only, request));
    }

    @Test
    void twoVotersNeedEachOther() {
        SimEnsemble ensemble = started(119, 2);
        for (SimNode dies : List.of(ensemble.node(1), ensemble.node(2), ensemble.node(1))) {
            answered(ensemble, ensemble.node(1), 500);
            answered(ensemble, ensemble.node(2), 500);
            SimNode stays = any(ensemble, dies);
            ensemble.crash(dies);
            ensemble.await("alone it does not lead", 1_200, () -> !stays.serves());
            ensemble.submit(stays);
            ensemble.runMillis(3_000);
            assertFalse(stays.serves());
            ensemble.start(dies);
            ensemble.await("both serve", 2_000, () -> ensemble.leader() != null);
        }
        ensemble.await("all have applied all", 1_000, () -> hasConverged(ensemble));
    }

    @Test
    void twoVotersSurviveALinkThatBreaks() {
        SimEnsemble ensemble = started(120, 2);
        ensemble.network().cutAll(new ServerId(1));
        ensemble.runMillis(2);
        ensemble.await("both serve again", 300, () -> ensemble.leader() != null);
    }

    // ---- clients ----

    /**
     * A server that reconnects sends its requests again. That the leader now refuses them says nothing of the first
     * time.
     */
    @Test
    void aRequestThatALeaderMayHaveProposedIsNeverCalledUndone() {
        SimEnsemble ensemble = started(121, 3);
        SimNode leader = ensemble.leader();
        SimNode asks = any(ensemble, leader);
        ensemble.nodes().stream().filter(node -> node != asks).forEach(SimNode::stallDisk);
        for (int i = 0; i < SMALL.outstandingTxnsMax(); i++) {
            ensemble.submit(asks);
        }
        ensemble.await("all are proposed", 100, () -> leader.status().outstanding() == SMALL.outstandingTxnsMax());
        ensemble.runMillis(20);
        boolean[] cut = {false};
        ensemble.network().tap((from, to, message) -> {
            if (!cut[0] && to.equals(asks.id())) {
                cut[0] = true;
                return false;
            }
            return true;
        });
        ensemble.await("the link breaks", 300, () -> cut[0]);
        ensemble.await("it is back", 600, asks::serves);
        ensemble.runMillis(5);
        ensemble.nodes().forEach(SimNode::releaseDisk);
        ensemble.await(
                "all have applied all",
                3_000,
                () -> hasConverged(ensemble) && asks.applied().size() >= 200);
    }

    // ---- how ----

    private static SimEnsemble started(long seed, int voters) {
        SimEnsemble ensemble = new SimEnsemble(seed, voters, SMALL);
        ensemble.startAll();
        ensemble.awaitLeader();
        ensemble.runMillis(500);
        return ensemble;
    }

    /** One server is down, and so far behind that it needs a snapshot and some transactions. */
    private static SimEnsemble withOneFarBehind(long seed, int voters) {
        SimEnsemble ensemble = started(seed, voters);
        SimNode away = any(ensemble, ensemble.leader());
        ensemble.crash(away);
        for (int i = 0; i < 130; i++) {
            answered(ensemble, ensemble.leader(), 500);
        }
        return ensemble;
    }

    /** The one that is down starts, and everything comes to rest. */
    private static void recovers(SimEnsemble ensemble, Class<?> step, boolean[] seen) {
        ensemble.start(down(ensemble));
        ensemble.await("all serve, after " + step.getSimpleName(), 6_000, () -> ensemble.leader() != null);
        assertTrue(seen[0]);
        ensemble.runMillis(50);
        ensemble.await("all serve", 6_000, () -> ensemble.leader() != null);
        for (SimNode node : ensemble.nodes()) {
            answered(ensemble, node, 1_000);
        }
        ensemble.await("all have applied all", 2_000, () -> hasConverged(ensemble));
        assertTrue(ensemble.history().committed().size() >= 133);
    }

    private static SimNode down(SimEnsemble ensemble) {
        return ensemble.nodes().stream()
                .filter(node -> !node.isUp())
                .findFirst()
                .orElseThrow();
    }

    private static void restart(SimEnsemble ensemble, SimNode node) {
        if (node.isUp()) {
            ensemble.crash(node);
        }
        ensemble.start(node);
    }

    /** The link breaks with the first message of a kind. */
    private static boolean[] cutAt(SimEnsemble ensemble, Class<? extends ReplicationMessage> kind) {
        boolean[] cut = {false};
        ensemble.network().tap((from, to, message) -> {
            if (!cut[0] && kind.isInstance(message)) {
                cut[0] = true;
                return false;
            }
            return true;
        });
        return cut;
    }

    /** Something happens a little after the first message of a kind has arrived. */
    private static boolean[] whenFirst(
            SimEnsemble ensemble, Class<? extends ReplicationMessage> kind, int micros, Runnable action) {
        boolean[] seen = {false};
        ensemble.network().tap((from, to, message) -> {
            if (!seen[0] && kind.isInstance(message)) {
                seen[0] = true;
                later(ensemble, micros, action);
            }
            return true;
        });
        return seen;
    }

    private static void later(SimEnsemble ensemble, int micros, Runnable action) {
        ensemble.scheduler().afterMicros(micros, action);
    }

    private static void answered(SimEnsemble ensemble, SimNode node, long millis) {
        long request = ensemble.submit(node);
        ensemble.await("an answer for " + node.id(), millis, () -> ensemble.isAnswered(node, request));
    }

    private static SimNode aLeader(SimEnsemble ensemble) {
        SimNode leader = null;
        for (SimNode node : ensemble.nodes()) {
            leader = node.leads()
                            && (leader == null
                                    || node.status().epoch() > leader.status().epoch())
                    ? node
                    : leader;
        }
        return leader;
    }

    private static SimNode any(SimEnsemble ensemble, SimNode except) {
        return ensemble.nodes().stream()
                .filter(node -> node != except)
                .findFirst()
                .orElseThrow();
    }

    private static void others(SimEnsemble ensemble, SimNode except, Consumer<SimNode> action) {
        ensemble.nodes().stream().filter(node -> node != except).forEach(action);
    }

    private static boolean hasConverged(SimEnsemble ensemble) {
        int size = ensemble.history().committed().size();
        return ensemble.nodes().stream().allMatch(node -> node.applied().size() == size);
    }
}
