package io.holdfast.zab.ensemble;

import static io.holdfast.zab.ensemble.Scenario.answered;
import static io.holdfast.zab.ensemble.Scenario.any;
import static io.holdfast.zab.ensemble.Scenario.hasConverged;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.core.message.Inform;
import io.holdfast.zab.core.message.Proposal;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.SnapshotChunk;
import io.holdfast.zab.core.message.SyncBegin;
import io.holdfast.zab.core.message.SyncProgress;
import io.holdfast.zab.core.message.SyncTxn;
import io.holdfast.zab.core.message.UpToDate;
import org.junit.jupiter.api.Test;

/** A learner is sent no more than it stores, however much is written meanwhile, and always gets to the end. */
final class PacedSyncTest {

    /** A sixteenth of it is sent ahead, and four times as much kept for who is fed: 800 transactions and more. */
    private static final int WINDOW_BYTES = 32_000;

    /** With the newest protocol. */
    static final ZabConfig PACED = small(WINDOW_BYTES);

    private static final int TXN_BYTES_LEAST = 64;

    static final int AHEAD = WINDOW_BYTES / 16 / TXN_BYTES_LEAST;

    /** What passes between a leader and the one that joins. */
    private static final class Seen implements SimNetwork.Tap {
        private final ServerId joins;
        int begun;
        int chunks;
        int ahead;
        int mostAhead;
        int atOnce;
        boolean upToDate;
        boolean stored;

        Seen(ServerId joins) {
            this.joins = joins;
        }

        @Override
        public boolean passes(ServerId from, ServerId to, ReplicationMessage message) {
            if (to.equals(joins)) {
                begun += message instanceof SyncBegin ? 1 : 0;
                chunks += message instanceof SnapshotChunk ? 1 : 0;
                upToDate |= message instanceof UpToDate;
                boolean txn = message instanceof SyncTxn || message instanceof Proposal || message instanceof Inform;
                if (txn && !upToDate) {
                    ahead++;
                    mostAhead = Math.max(mostAhead, ahead);
                    atOnce += stored ? 0 : 1;
                }
            } else if (from.equals(joins) && message instanceof SyncProgress progress) {
                stored |= progress.durable().counter() > 0;
                ahead = 0;
            }
            return true;
        }
    }

    @Test
    void aWipedFollowerRejoinsUnderLoadAndNothingQueuesBehindItsSnapshot() {
        SimEnsemble ensemble = started(301);
        SimNode wiped = any(ensemble, ensemble.leader());
        for (int i = 0; i < 130; i++) {
            answered(ensemble, ensemble.leader(), 500);
        }
        ensemble.wipe(wiped);
        Seen seen = new Seen(wiped.id());
        ensemble.network().tap(seen);
        ensemble.snapshotsTake(4_000);
        ensemble.start(wiped);
        // Many snapshots are taken meanwhile, and each would drop what the learner still needs.
        for (int i = 0; i < 800 && !wiped.serves(); i++) {
            ensemble.submit(
                    ensemble.nodes().stream().filter(SimNode::leads).findFirst().orElseThrow());
            ensemble.runMillis(10);
        }
        ensemble.await("it serves", 2_000, wiped::serves);
        ensemble.await("all have applied all", 2_000, () -> hasConverged(ensemble));
        assertEquals(1, seen.chunks, "one snapshot");
        assertEquals(0, seen.atOnce, "transactions sent before the snapshot was installed");
        assertTrue(seen.mostAhead <= AHEAD, seen.mostAhead + " ahead of what is stored");
    }

    /** What is kept for it is bounded: a learner that is too slow begins again, and gets there when there is less. */
    @Test
    void aFollowerThatIsTooSlowForTheLoadBeginsAgainAndEndsWhenThereIsLess() {
        ZabConfig tiny = small(4_000);
        SimEnsemble ensemble = new SimEnsemble(302, 3, tiny);
        ensemble.startAll();
        ensemble.awaitLeader();
        SimNode wiped = any(ensemble, ensemble.leader());
        for (int i = 0; i < 130; i++) {
            answered(ensemble, ensemble.leader(), 500);
        }
        ensemble.wipe(wiped);
        Seen seen = new Seen(wiped.id());
        ensemble.network().tap(seen);
        ensemble.snapshotsTake(4_000);
        ensemble.start(wiped);
        for (int i = 0; i < 3_000; i++) {
            ensemble.submit(
                    ensemble.nodes().stream().filter(SimNode::leads).findFirst().orElseThrow());
            ensemble.runMillis(5);
        }
        assertTrue(seen.begun > 1, "began again: " + seen.begun);
        assertTrue(!wiped.serves(), "there was less time than a snapshot takes");
        ensemble.await("it serves", 20_000, wiped::serves);
    }

    /** It has the most recent history, so nobody else can lead; but to wait for ever helps nobody either. */
    @Test
    void aLeaderWhoseOnlyFollowerComesNoFurtherDoesNotWaitForEver() {
        SimEnsemble ensemble = started(303);
        SimNode wiped = any(ensemble, ensemble.leader());
        ensemble.crash(wiped);
        for (int i = 0; i < 130; i++) {
            answered(ensemble, ensemble.leader(), 500);
        }
        SimNode leader = ensemble.leader();
        ensemble.nodes().stream()
                .filter(node -> node != wiped && node != leader)
                .forEach(ensemble::crash);
        ensemble.await("it steps down", 3_000, () -> !leader.leads());
        wiped.refuseSnapshots(true);
        ensemble.start(wiped);
        ensemble.await(
                "it gives up", 20_000, () -> ensemble.history().lastLines(40).contains("no voter came any further"));
        wiped.refuseSnapshots(false);
        ensemble.await("both serve", 10_000, () -> ensemble.leader() != null);
    }

    private static SimEnsemble started(long seed) {
        SimEnsemble ensemble = new SimEnsemble(seed, 3, PACED);
        ensemble.startAll();
        ensemble.awaitLeader();
        ensemble.runMillis(500);
        return ensemble;
    }

    private static ZabConfig small(long windowBytes) {
        return new ZabConfig(
                        100,
                        300,
                        100,
                        1_000,
                        5_000,
                        20,
                        100,
                        1_000,
                        1_000,
                        2_000,
                        5_000,
                        1_000,
                        200,
                        1 << 20,
                        20,
                        windowBytes,
                        50,
                        1 << 20,
                        4)
                .withIdentity(ZabConfig.PROTOCOL_NEWEST, true);
    }
}
