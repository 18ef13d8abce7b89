package io.holdfast.zab.ensemble;

import static io.holdfast.zab.ensemble.EnsembleTest.SMALL;
import static io.holdfast.zab.ensemble.Scenario.aLeader;
import static io.holdfast.zab.ensemble.Scenario.answered;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.ZabConfig;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Servers of two adjacent versions of the protocol serve together; the level rises when the last speaks the newer. */
final class RollingUpgradeTest {

    private static final ZabConfig OLD = SMALL.withIdentity(1, true);
    private static final ZabConfig NEW = SMALL.withIdentity(2, true);
    private static final long LIMIT_MILLIS = 10_000;
    private static final int SEEDS = 20;

    private static void upgrade(SimEnsemble ensemble, SimNode node) {
        ensemble.crash(node);
        node.configure(NEW);
        ensemble.start(node);
        ensemble.await(node.id() + " serves", LIMIT_MILLIS, () -> node.serves() && ensemble.leader() != null);
    }

    private static int level(SimNode node) {
        return node.status().quorum().latest().level();
    }

    @Test
    void theLevelRisesOnlyWhenTheLastMemberIsUpgradedObserversIncluded() {
        SimEnsemble ensemble = new SimEnsemble(1, 3, 1, OLD);
        ensemble.startAll();
        ensemble.awaitLeader();
        for (int id = 1; id <= 4; id++) {
            ensemble.runMillis(3_000);
            assertEquals(1, level(aLeader(ensemble)));
            assertEquals(0, aLeader(ensemble).status().configuration().version());
            upgrade(ensemble, ensemble.node(id));
            answered(ensemble, ensemble.node(id), 1_000);
        }
        ensemble.await(
                "the level rises", LIMIT_MILLIS, () -> ensemble.nodes().stream().allMatch(node -> level(node) == 2));
    }

    @Test
    void aMemberThatIsAwayHoldsTheLevelBack() {
        SimEnsemble ensemble = new SimEnsemble(2, 3, 0, NEW);
        ensemble.start(ensemble.node(1));
        ensemble.start(ensemble.node(2));
        ensemble.awaitLeader();
        ensemble.runMillis(5_000);
        assertEquals(1, level(aLeader(ensemble)));
        ensemble.start(ensemble.node(3));
        ensemble.await("the level rises", LIMIT_MILLIS, () -> level(ensemble.node(3)) == 2);
    }

    @Test
    void whoSpeaksTheOlderVersionOnlyIsNotLetInAgain() {
        SimEnsemble ensemble = new SimEnsemble(3, 3, 0, NEW);
        ensemble.startAll();
        ensemble.awaitLeader();
        ensemble.await(
                "the level rises", LIMIT_MILLIS, () -> ensemble.nodes().stream().allMatch(node -> level(node) == 2));
        SimNode old = Scenario.any(ensemble, aLeader(ensemble));
        ensemble.crash(old);
        old.configure(OLD);
        ensemble.start(old);
        int leaders = ensemble.history().leaders();
        ensemble.runMillis(10_000);
        assertFalse(old.serves());
        assertEquals(leaders, ensemble.history().leaders());
        ensemble.crash(old);
        old.configure(NEW);
        ensemble.start(old);
        ensemble.await("it serves", LIMIT_MILLIS, old::serves);
    }

    @Test
    void upgradesAndDowngradesUnderFaultsLoseNothing() {
        int raised = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            raised += storm(seed) ? 1 : 0;
        }
        assertEquals(SEEDS, raised);
    }

    /** Servers are restarted with either version all the time; in the end with the newer. */
    private static boolean storm(long seed) {
        Random draw = new Random(seed * 43 + 5);
        SimEnsemble ensemble = new SimEnsemble(seed, 1 + draw.nextInt(4), draw.nextInt(2), OLD);
        Storm storm = new Storm(ensemble, draw, false);
        ensemble.startAll();
        for (int i = 0; i < 5; i++) {
            storm.rage(2_000);
            for (SimNode node : ensemble.nodes()) {
                // Once the level has risen there is no way back.
                boolean canGoBack = ensemble.nodes().stream().noneMatch(other -> other.isUp() && level(other) == 2);
                if (!node.isUp()) {
                    node.configure(canGoBack && draw.nextBoolean() ? OLD : NEW);
                }
            }
        }
        storm.calm();
        for (SimNode node : ensemble.nodes()) {
            upgrade(ensemble, node);
        }
        ensemble.await(
                "the level rises", LIMIT_MILLIS, () -> ensemble.nodes().stream().allMatch(node -> level(node) == 2));
        for (SimNode node : ensemble.nodes()) {
            answered(ensemble, node, 5_000);
        }
        ensemble.await("all have applied all", 2_000, () -> Scenario.hasConverged(ensemble));
        assertTrue(ensemble.history().acknowledged() > 10, "seed " + seed);
        return true;
    }
}
