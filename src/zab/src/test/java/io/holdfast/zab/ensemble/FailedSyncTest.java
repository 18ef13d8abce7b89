package io.holdfast.zab.ensemble;

import static io.holdfast.zab.ensemble.Scenario.answered;
import static io.holdfast.zab.ensemble.Scenario.any;
import static io.holdfast.zab.ensemble.Scenario.down;
import static io.holdfast.zab.ensemble.Scenario.hasConverged;
import static io.holdfast.zab.ensemble.Scenario.restart;
import static io.holdfast.zab.ensemble.Scenario.started;
import static io.holdfast.zab.ensemble.Scenario.withOneFarBehind;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.message.SyncBegin;
import org.junit.jupiter.api.Test;

/** Synchronizations that cannot succeed cost little and end when what was in their way is gone. */
final class FailedSyncTest {

    @Test
    void aFollowerWithoutRoomForASnapshotComesBackMoreAndMoreSeldomUntilThereIsRoom() {
        SimEnsemble ensemble = withOneFarBehind(201, 3);
        SimNode behind = down(ensemble);
        int[] begun = countSyncs(ensemble);
        behind.refuseSnapshots(true);
        ensemble.start(behind);
        ensemble.runMillis(30_000);
        assertTrue(begun[0] >= 6, "it goes on trying: " + begun[0]);
        assertTrue(begun[0] <= 26, "seldom: " + begun[0]);
        for (SimNode node : ensemble.nodes()) {
            if (node != behind) {
                answered(ensemble, node, 500);
            }
        }
        behind.refuseSnapshots(false);
        ensemble.await("it serves", 6_000, behind::serves);
    }

    /** The candidate waits for the voter that it needs only for a while. */
    @Test
    void anEnsembleThatNeedsAFollowerWithoutRoomServesSoonAfterThereIsRoom() {
        SimEnsemble ensemble = withOneFarBehind(202, 3);
        SimNode behind = down(ensemble);
        SimNode leader = ensemble.leader();
        ensemble.nodes().stream()
                .filter(node -> node != behind && node != leader)
                .forEach(ensemble::crash);
        int[] begun = countSyncs(ensemble);
        behind.refuseSnapshots(true);
        ensemble.start(behind);
        ensemble.runMillis(30_000);
        assertTrue(begun[0] <= 40, "seldom: " + begun[0]);
        behind.refuseSnapshots(false);
        ensemble.await("both serve", 8_000, () -> ensemble.leader() != null);
    }

    /** The leader has taken no snapshot yet, so there is none that would replace what the other has. */
    @Test
    void aFollowerWithAnotherHistoryIsBroughtInStepBeforeTheLeaderHasASnapshot() {
        SimEnsemble other = started(203, 1);
        answered(other, other.node(1), 500);
        answered(other, other.node(1), 500);
        SimEnsemble ensemble = started(204, 3);
        answered(ensemble, ensemble.leader(), 500);
        restart(ensemble, ensemble.leader());
        ensemble.awaitLeader();
        SimNode follower = any(ensemble, ensemble.leader());
        ensemble.crash(follower);
        answered(ensemble, ensemble.leader(), 500);
        ensemble.history().expectDivergence();
        ensemble.replaceDisk(follower, other.node(1).disk());
        int[] begun = countSyncs(ensemble);
        ensemble.start(follower);
        ensemble.await("it serves", 5_000, follower::serves);
        ensemble.await("all have applied all", 1_000, () -> hasConverged(ensemble));
        assertEquals(2, begun[0], "once from the end, once from the beginning");
    }

    private static int[] countSyncs(SimEnsemble ensemble) {
        int[] begun = {0};
        ensemble.network().tap((from, to, message) -> {
            begun[0] += message instanceof SyncBegin ? 1 : 0;
            return true;
        });
        return begun;
    }
}
