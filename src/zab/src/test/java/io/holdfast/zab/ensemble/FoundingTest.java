package io.holdfast.zab.ensemble;

import static io.holdfast.zab.ensemble.EnsembleTest.SMALL;
import static io.holdfast.zab.ensemble.Scenario.aLeader;
import static io.holdfast.zab.ensemble.Scenario.answered;
import static io.holdfast.zab.ensemble.Scenario.any;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.core.message.AckNewLeader;
import io.holdfast.zab.core.message.Proposal;
import io.holdfast.zab.core.message.ReplicationMessage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How a new ensemble begins: with all of its voters, whose disks its first transaction binds. So servers that never had
 * anything, and servers that lost what they had, cannot begin anew beside one that still has it.
 */
final class FoundingTest {

    private static final ZabConfig NEWEST = SMALL.withIdentity(ZabConfig.PROTOCOL_NEWEST, true);
    private static final long LONG_MILLIS = 30_000;

    private static SimEnsemble founded(long seed, int voters) {
        SimEnsemble ensemble = SimEnsemble.founding(seed, voters, NEWEST);
        ensemble.startAll();
        awaitFounded(ensemble);
        return ensemble;
    }

    private static void awaitFounded(SimEnsemble ensemble) {
        ensemble.await(
                "it is founded",
                10_000,
                () -> ensemble.leader() != null
                        && ensemble.nodes().stream()
                                .allMatch(node -> node.status().configuration().version() == 1
                                        && node.status().settled()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void theFirstTransactionBindsTheDisksOfAllVotersAndSaysWhichGenerationItIs(int voters) {
        SimEnsemble ensemble = founded(400 + voters, voters);
        SimNode leader = ensemble.leader();
        Configuration now = leader.status().configuration();
        assertEquals(ZabConfig.PROTOCOL_NEWEST, now.level());
        assertEquals(1_000 + leader.id().value(), now.generation());
        for (SimNode node : ensemble.nodes()) {
            assertEquals(node.disk().id(), now.disk(node.id()));
            assertEquals(now, node.status().configuration());
            answered(ensemble, node, 1_000);
        }
        assertEquals(1, ensemble.history().leaders());
    }

    /** A founder that speaks less than its leader must not log a level that it does not know. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void theLevelIsTheNewestThatAllFoundersSpeak(int older) {
        ZabConfig less = SMALL.withIdentity(ZabConfig.PROTOCOL_NEWEST - 1, true);
        SimEnsemble ensemble = SimEnsemble.founding(420 + older, 3, NEWEST);
        SimNode last = ensemble.node(older);
        last.configure(less);
        ensemble.startAll();
        awaitFounded(ensemble);
        for (SimNode node : ensemble.nodes()) {
            assertEquals(
                    ZabConfig.PROTOCOL_NEWEST - 1, node.status().configuration().level());
        }
        ensemble.crash(last);
        last.configure(NEWEST);
        ensemble.start(last);
        ensemble.await(
                "the level rises",
                10_000,
                () -> ensemble.nodes().stream()
                        .allMatch(node -> node.status().configuration().level() == ZabConfig.PROTOCOL_NEWEST));
    }

    /** One voter never came up, nobody noticed; then one loses its disk while the other is down. */
    @Test
    void twoEmptyServersDoNotBeginAnewBesideOneThatMayHaveEverything() {
        SimEnsemble ensemble = SimEnsemble.founding(410, 3, NEWEST);
        ensemble.start(ensemble.node(1));
        ensemble.start(ensemble.node(2));
        ensemble.runMillis(LONG_MILLIS);
        assertEquals(0, ensemble.history().leaders(), "two of three know nothing of the third");
        ensemble.wipe(ensemble.node(2));
        ensemble.crash(ensemble.node(1));
        ensemble.start(ensemble.node(2));
        ensemble.start(ensemble.node(3));
        ensemble.runMillis(LONG_MILLIS);
        assertEquals(0, ensemble.history().leaders(), "two of three know nothing of the first");
        ensemble.start(ensemble.node(1));
        awaitFounded(ensemble);
    }

    @Test
    void twoThatLostTheirDisksDoNotBeginAnew() {
        SimEnsemble ensemble = founded(411, 3);
        answered(ensemble, ensemble.node(1), 1_000);
        int leaders = ensemble.history().leaders();
        ensemble.crash(ensemble.node(1));
        ensemble.wipe(ensemble.node(2));
        ensemble.wipe(ensemble.node(3));
        ensemble.start(ensemble.node(2));
        ensemble.start(ensemble.node(3));
        ensemble.runMillis(LONG_MILLIS);
        ensemble.start(ensemble.node(1));
        ensemble.runMillis(LONG_MILLIS);
        assertEquals(leaders, ensemble.history().leaders());
        assertNull(aLeader(ensemble));
    }

    /** A quorum is enough from the first transaction on, and whoever lost its disk is let in again. */
    @Test
    void whenItIsFoundedAQuorumIsEnough() {
        SimEnsemble ensemble = founded(412, 3);
        SimNode leader = ensemble.leader();
        SimNode other = any(ensemble, leader);
        ensemble.crash(leader);
        ensemble.await("another leads", 3_000, () -> aLeader(ensemble) != null);
        answered(ensemble, other, 2_000);
        ensemble.wipe(leader);
        ensemble.start(leader);
        ensemble.await(
                "it serves and votes with its new disk",
                10_000,
                () -> leader.serves()
                        && leader.status()
                                .configuration()
                                .isVoter(leader.id(), leader.disk().id()));
    }

    /** All founders are needed until the first transaction is known to be committed, whoever dies on the way. */
    @Test
    void foundersMayDieAtEveryStep() {
        for (Class<? extends ReplicationMessage> step : List.of(AckNewLeader.class, Proposal.class)) {
            SimEnsemble ensemble = SimEnsemble.founding(413, 3, NEWEST);
            boolean[] seen = Scenario.whenFirst(ensemble, step, 1, () -> {
                for (SimNode node : ensemble.nodes()) {
                    Scenario.restart(ensemble, node);
                }
            });
            ensemble.startAll();
            ensemble.await("it happened", 5_000, () -> seen[0]);
            awaitFounded(ensemble);
            assertFalse(ensemble.leader().status().configuration().isFounding());
        }
    }
}
