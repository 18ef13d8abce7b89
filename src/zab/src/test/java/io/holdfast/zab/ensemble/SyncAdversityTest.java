package io.holdfast.zab.ensemble;

import static io.holdfast.zab.ensemble.EnsembleTest.SMALL;
import static io.holdfast.zab.ensemble.Scenario.aLeader;
import static io.holdfast.zab.ensemble.Scenario.answered;
import static io.holdfast.zab.ensemble.Scenario.any;
import static io.holdfast.zab.ensemble.Scenario.cutAt;
import static io.holdfast.zab.ensemble.Scenario.down;
import static io.holdfast.zab.ensemble.Scenario.hasConverged;
import static io.holdfast.zab.ensemble.Scenario.recovers;
import static io.holdfast.zab.ensemble.Scenario.restart;
import static io.holdfast.zab.ensemble.Scenario.started;
import static io.holdfast.zab.ensemble.Scenario.whenFirst;
import static io.holdfast.zab.ensemble.Scenario.withOneFarBehind;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.SyncMode;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.AckNewLeader;
import io.holdfast.zab.core.message.NewLeader;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.SnapshotChunk;
import io.holdfast.zab.core.message.SyncBegin;
import io.holdfast.zab.core.message.SyncTxn;
import io.holdfast.zab.core.message.UpToDate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One misfortune at a time, at the worst moment of a synchronization or for its disks and clients. */
final class SyncAdversityTest {

    /** Every message of a synchronization by snapshot, in the order in which they come. */
    private static final List<Class<? extends ReplicationMessage>> STEPS = List.of(
            SyncBegin.class, SnapshotChunk.class, SyncTxn.class, NewLeader.class, AckNewLeader.class, UpToDate.class);

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
}
