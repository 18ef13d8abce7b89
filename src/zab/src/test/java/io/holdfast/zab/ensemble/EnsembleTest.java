package io.holdfast.zab.ensemble;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.SyncMode;
import io.holdfast.zab.core.ZabConfig;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole ensembles of real cores in one thread: what they promise holds whatever fails. */
final class EnsembleTest {

    private static final int SEEDS = Integer.getInteger("seeds", 150);
    private static final long FIRST_SEED = Long.getLong("seed", 1);

    /** Small windows and frequent snapshots, so that every way of synchronizing happens. */
    static final ZabConfig SMALL = new ZabConfig(
            100, 300, 100, 1_000, 5_000, 20, 100, 1_000, 1_000, 2_000, 5_000, 1_000, 200, 1 << 20, 20, 1 << 20, 50,
            1 << 20, 4);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7})
    void anEnsembleOfAnySizeElectsALeaderAndCommits(int voters) {
        SimEnsemble ensemble = new SimEnsemble(voters, voters, SMALL);
        ensemble.startAll();
        ensemble.awaitLeader();
        for (SimNode node : ensemble.nodes()) {
            long request = ensemble.submit(node);
            ensemble.await("the answer", 1_000, () -> ensemble.isAnswered(node, request));
        }
        assertEquals(voters, ensemble.history().acknowledged());
        ensemble.await("all have applied all", 1_000, () -> hasConverged(ensemble));
    }

    @Test
    void aServerThatJoinsARunningEnsembleDisturbsNobody() {
        SimEnsemble ensemble = new SimEnsemble(11, 3, SMALL);
        ensemble.start(ensemble.node(1));
        ensemble.start(ensemble.node(2));
        ensemble.awaitLeader();
        int leaders = ensemble.history().leaders();
        ensemble.start(ensemble.node(3));
        ensemble.await("the joiner serves", 5_000, () -> ensemble.node(3).serves());
        assertEquals(leaders, ensemble.history().leaders());
    }

    @Test
    void halfOfTheServersAreNoQuorum() {
        SimEnsemble ensemble = new SimEnsemble(12, 4, SMALL);
        ensemble.start(ensemble.node(1));
        ensemble.start(ensemble.node(2));
        ensemble.runMillis(20_000);
        assertEquals(0, ensemble.history().leaders());
        ensemble.start(ensemble.node(3));
        ensemble.awaitLeader();
    }

    @Test
    void aKilledLeaderIsReplacedWithinThreeHundredMilliseconds() {
        SimEnsemble ensemble = new SimEnsemble(13, 3, SMALL);
        ensemble.startAll();
        SimNode leader = ensemble.awaitLeader();
        ensemble.runMillis(500);
        ensemble.crash(leader);
        SimNode survivor =
                ensemble.nodes().stream().filter(SimNode::isUp).findFirst().orElseThrow();
        long request = ensemble.submit(survivor);
        ensemble.await("an answer through another server", 300, () -> ensemble.isAnswered(survivor, request));
    }

    /** protocol.md#d05 and protocol.md#d10: what only a dead leader logged vanishes when it comes back. */
    @Test
    void whatOnlyTheOldLeaderLoggedIsTruncated() {
        SimEnsemble ensemble = new SimEnsemble(14, 3, SMALL);
        ensemble.startAll();
        SimNode leader = ensemble.awaitLeader();
        for (SimNode other : ensemble.nodes()) {
            if (other != leader) {
                ensemble.network().block(leader.id(), other.id());
            }
        }
        ensemble.submit(leader);
        ensemble.await(
                "the leader has logged it",
                100,
                () -> leader.status().outstanding() == 1
                        && leader.status().lastDurable().equals(leader.status().lastLogged()));
        ensemble.crash(leader);
        ensemble.awaitLeader();
        ensemble.network().healAll();
        ensemble.start(leader);
        ensemble.await("the old leader is back", 5_000, leader::serves);
        assertEquals(1, ensemble.history().syncs().getOrDefault(SyncMode.TRUNC, 0));
        assertEquals(0, ensemble.history().committed().size());
    }

    /** protocol.md#d09: a longer log of an older epoch loses against an epoch in which nothing was proposed. */
    @Test
    void aLongerLogOfAnOlderEpochDoesNotWin() {
        SimEnsemble ensemble = new SimEnsemble(15, 3, SMALL);
        ensemble.startAll();
        SimNode leader = ensemble.awaitLeader();
        for (SimNode other : ensemble.nodes()) {
            if (other != leader) {
                ensemble.network().block(leader.id(), other.id());
            }
        }
        ensemble.submit(leader);
        ensemble.await(
                "the leader has logged it",
                100,
                () -> leader.status().lastDurable().counter() == 1);
        ensemble.crash(leader);
        ensemble.awaitLeader();
        ensemble.network().healAll();
        for (SimNode node : ensemble.nodes()) {
            if (node.isUp()) {
                ensemble.crash(node);
            }
        }
        ensemble.startAll();
        SimNode next = ensemble.awaitLeader();
        assertNotEquals(leader, next);
        assertEquals(0, ensemble.history().committed().size());
    }

    @Test
    void aFollowerThatWasAwayForLongGetsASnapshot() {
        SimEnsemble ensemble = new SimEnsemble(16, 3, SMALL);
        ensemble.startAll();
        SimNode leader = ensemble.awaitLeader();
        SimNode away =
                ensemble.nodes().stream().filter(n -> n != leader).findFirst().orElseThrow();
        ensemble.crash(away);
        for (int i = 0; i < 300; i++) {
            long request = ensemble.submit(leader);
            ensemble.await("the answer", 1_000, () -> ensemble.isAnswered(leader, request));
        }
        ensemble.start(away);
        ensemble.await("it is back", 5_000, () -> away.serves() && hasConverged(ensemble));
        assertEquals(1, ensemble.history().syncs().getOrDefault(SyncMode.SNAP, 0));
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        assertEquals(storm(4711), storm(4711));
        assertNotEquals(storm(4711), storm(4712));
    }

    @Test
    void nothingAcknowledgedIsLostWhateverFails() {
        Map<SyncMode, Integer> syncs = new TreeMap<>();
        int acknowledged = 0;
        int reads = 0;
        int touches = 0;
        int leaders = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            SimEnsemble ensemble = runStorm(seed);
            ensemble.history().syncs().forEach((mode, count) -> syncs.merge(mode, count, Integer::sum));
            acknowledged += ensemble.history().acknowledged();
            reads += ensemble.history().reads();
            touches += ensemble.history().confirmedTouches();
            leaders += ensemble.history().leaders();
        }
        System.out.printf(
                "%d seeds from %d: %d acknowledged, %d reads, %d touches, %d leaders, synchronizations %s%n",
                SEEDS, FIRST_SEED, acknowledged, reads, touches, leaders, syncs);
        // A storm in which nothing gets through, or which never needs one of the ways back, would prove nothing.
        assertTrue(acknowledged > 100 * SEEDS && reads > 10 * SEEDS && touches > 10 * SEEDS && leaders > 2 * SEEDS);
        assertEquals(3, syncs.size(), () -> "every way of synchronizing happened: " + syncs);
    }

    private static long storm(long seed) {
        return runStorm(seed).scheduler().hash();
    }

    /** Ten seconds of load and faults, then calm: everything must agree and everybody must be served. */
    private static SimEnsemble runStorm(long seed) {
        Random draw = new Random(seed * 31 + 7);
        int[] sizes = {3, 3, 3, 5, 5, 1, 2, 4, 7};
        int voters = sizes[draw.nextInt(sizes.length)];
        SimEnsemble ensemble = new SimEnsemble(seed, voters, draw.nextInt(3), SMALL);
        Storm storm = new Storm(ensemble, draw, false);
        try {
            ensemble.startAll();
            storm.rage(10_000);
            storm.calm();
            settle(ensemble);
        } catch (RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e.getMessage() + "\n"
                            + ensemble.history().lastLines(60),
                    e);
        }
        return ensemble;
    }

    private static void settle(SimEnsemble ensemble) {
        ensemble.awaitLeader();
        ensemble.runMillis(200);
        for (SimNode node : ensemble.nodes()) {
            long request = ensemble.submit(node);
            ensemble.await("an answer for " + node.id(), 5_000, () -> ensemble.isAnswered(node, request));
        }
        ensemble.await("all have applied all", 2_000, () -> hasConverged(ensemble));
    }

    private static boolean hasConverged(SimEnsemble ensemble) {
        int size = ensemble.history().committed().size();
        return ensemble.nodes().stream().allMatch(node -> node.applied().size() == size);
    }
}
