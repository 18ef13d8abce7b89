package io.holdfast.zab.ensemble;

import static io.holdfast.zab.ensemble.EnsembleTest.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.SyncMode;
import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.core.message.SyncTxn;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The network breaks in part, with writes under way, so that the only server which reaches a quorum lacks what others
 * have: it fetches that, and the ensemble serves (zab.md 2.4, leader pull).
 */
final class PartialPartitionTest {

    /** Until the first answer: the old leader must find out (1 s), then an election and some messages. */
    private static final long SERVES_MILLIS = 3_000;

    private static final ZabConfig PULLS = SMALL.withIdentity(ZabConfig.PROTOCOL_NEWEST, true);

    private static SimEnsemble started(long seed, int voters) {
        SimEnsemble ensemble = new SimEnsemble(seed, voters, PULLS);
        ensemble.startAll();
        ensemble.awaitLeader();
        ensemble.runMillis(3_000);
        return ensemble;
    }

    /** Only servers that {@code reach} keep their links. */
    private static void part(SimEnsemble ensemble, BiPredicate<Integer, Integer> reach) {
        int voters = ensemble.nodes().size();
        for (int one = 1; one <= voters; one++) {
            for (int other = one + 1; other <= voters; other++) {
                if (!reach.test(one, other)) {
                    ensemble.network().blockBoth(new ServerId(one), new ServerId(other));
                }
            }
        }
    }

    /** All but one server log what the leader proposes; that one is the center when the network breaks. */
    private static int centerThatLacks(SimEnsemble ensemble, int txns) {
        SimNode leader = ensemble.leader();
        int center = leader.id().value() == 1 ? 2 : 1;
        ensemble.network().silence(leader.id(), new ServerId(center));
        for (int i = 0; i < txns; i++) {
            ensemble.submit(leader);
        }
        ensemble.runMillis(20);
        part(ensemble, (one, other) -> one == center || other == center);
        ensemble.network().cutAll(leader.id());
        return center;
    }

    /** Whoever reaches the leader has its writes answered; somebody does. */
    private static void serves(SimEnsemble ensemble) {
        long end = ensemble.scheduler().now() + SERVES_MILLIS * 1_000_000;
        boolean answered = false;
        while (!answered) {
            Map<SimNode, Long> requests = new LinkedHashMap<>();
            ensemble.nodes().forEach(node -> requests.put(node, ensemble.submit(node)));
            ensemble.runMillis(250);
            for (Map.Entry<SimNode, Long> request : requests.entrySet()) {
                answered |= ensemble.isAnswered(request.getKey(), request.getValue())
                        && ensemble.refusal(request.getValue()) == null;
            }
            ensemble.check(answered || ensemble.scheduler().now() < end, "no write succeeds");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7})
    void aStarServesWhoseCenterLacksWhatAllOthersHave(int voters) {
        SimEnsemble ensemble = started(300 + voters, voters);
        int center = centerThatLacks(ensemble, 5);
        serves(ensemble);
        assertTrue(ensemble.node(center).leads());
        // What the others had logged was committed by a quorum of them, or may have been: it is all there.
        assertTrue(ensemble.history().committed().size() >= 6);
        int leaders = ensemble.history().leaders();
        ensemble.runMillis(10_000);
        assertEquals(leaders, ensemble.history().leaders());
        ensemble.network().healAll();
        ensemble.await("all serve", 5_000, () -> ensemble.leader() != null);
    }

    /** More than the others keep in memory. */
    @Test
    void theCenterIsSentASnapshotWhenItLacksTooMuch() {
        SimEnsemble ensemble = started(311, 5);
        int center = centerThatLacks(ensemble, 170);
        int snapshots = ensemble.history().syncs().getOrDefault(SyncMode.SNAP, 0);
        serves(ensemble);
        assertTrue(ensemble.node(center).leads());
        assertEquals(snapshots, ensemble.history().syncs().getOrDefault(SyncMode.SNAP, 0));
        assertTrue(ensemble.history().committed().size() >= 171);
    }

    /** It comes back with a part of what it was sent, and fetches the rest. */
    @Test
    void theCenterMayDieWhileItFetches() {
        SimEnsemble ensemble = started(312, 5);
        int center = centerThatLacks(ensemble, 20);
        int[] arrived = {0};
        ensemble.network().tap((from, to, message) -> {
            if (to.value() == center && message instanceof SyncTxn && ++arrived[0] == 12) {
                Scenario.later(ensemble, 1, () -> Scenario.restart(ensemble, ensemble.node(center)));
            }
            return true;
        });
        ensemble.await("it dies", 5_000, () -> arrived[0] >= 12);
        serves(ensemble);
        assertTrue(ensemble.history().committed().size() >= 21);
    }

    /** Each reaches two others and itself, which is a quorum of five; of a chain only those within it do. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRingAndAChainServe(boolean ring) {
        for (int seed = 320; seed < 330; seed++) {
            SimEnsemble ensemble = started(seed, 5);
            for (int i = 0; i < 5; i++) {
                ensemble.submit(ensemble.leader());
            }
            ensemble.scheduler().step(ensemble.scheduler().now() + 300_000);
            part(ensemble, (one, other) -> other - one == 1 || ring && one == 1 && other == 5);
            ensemble.network().cutAll(ensemble.node(seed % 5 + 1).id());
            serves(ensemble);
        }
    }
}
