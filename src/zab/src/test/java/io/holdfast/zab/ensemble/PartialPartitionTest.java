package io.holdfast.zab.ensemble;

import static io.holdfast.zab.ensemble.EnsembleTest.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.SyncMode;
import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.HistoryRequest;
import io.holdfast.zab.core.message.SyncBegin;
import io.holdfast.zab.core.message.SyncTxn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The network breaks in part, with writes under way, so that the only server which reaches a quorum lacks what others
 * have: it fetches that, and the ensemble serves (protocol.md#history-fetch).
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

    private static SimEnsemble startedPaced(long seed) {
        SimEnsemble ensemble = new SimEnsemble(seed, 5, PacedSyncTest.PACED);
        ensemble.startAll();
        ensemble.awaitLeader();
        ensemble.runMillis(3_000);
        return ensemble;
    }

    /** It requests the next part when the one before is durable. */
    @Test
    void theCenterIsSentNoMoreThanAPartAtOnce() {
        SimEnsemble ensemble = startedPaced(313);
        int center = centerThatLacks(ensemble, 120);
        int[] sent = {0, 0, 0};
        boolean[] early = {false};
        ensemble.network().tap((from, to, message) -> {
            if (to.value() == center && message instanceof SyncTxn) {
                sent[0]++;
                sent[1] = Math.max(sent[1], sent[0]);
            } else if (from.value() == center && message instanceof HistoryRequest request) {
                early[0] |=
                        request.last().isAfter(ensemble.node(center).status().lastDurable());
                sent[0] = 0;
                sent[2]++;
            }
            return true;
        });
        serves(ensemble);
        assertTrue(ensemble.node(center).leads());
        assertTrue(ensemble.history().committed().size() >= 121);
        assertTrue(sent[1] > 0 && sent[1] <= PacedSyncTest.AHEAD, sent[1] + " transactions at once");
        assertTrue(sent[2] > 2, sent[2] + " requests");
        assertFalse(early[0], "a request named what was not durable");
    }

    /** It stays a candidate meanwhile: its disk takes longer than a leader that answers nothing is waited for. */
    @Test
    void theCenterRequestsNoMoreWhileItsDiskStandsStill() {
        SimEnsemble ensemble = startedPaced(314);
        int center = centerThatLacks(ensemble, 120);
        int[] seen = {0, 0};
        ensemble.network().tap((from, to, message) -> {
            if (to.value() == center && message instanceof SyncTxn && ++seen[0] == 1) {
                ensemble.node(center).stallDisk();
            } else if (from.value() == center && message instanceof HistoryRequest) {
                seen[1]++;
            }
            return true;
        });
        ensemble.await("a part arrives", 5_000, () -> seen[0] > 0);
        int requests = seen[1];
        ensemble.runMillis(3_000);
        assertEquals(requests, seen[1], "requests while nothing becomes durable");
        assertTrue(seen[0] <= PacedSyncTest.AHEAD, seen[0] + " transactions");
        int elections = ensemble.history().leaders();
        ensemble.node(center).releaseDisk();
        serves(ensemble);
        assertTrue(ensemble.node(center).leads());
        assertEquals(elections + 1, ensemble.history().leaders());
        assertTrue(seen[1] > requests);
    }

    /** The source goes on with its heartbeats, but a request is without answer. */
    @Test
    void aFetchThatComesNoFurtherEndsAndTheNextOneContinues() {
        SimEnsemble ensemble = startedPaced(316);
        centerThatLacks(ensemble, 120);
        List<Zxid> requested = new ArrayList<>();
        ensemble.network().falsify(message -> {
            if (message instanceof HistoryRequest request) {
                requested.add(request.last());
                // The candidate has more than the source, it says: there is nothing to send.
                return requested.size() == 2 ? new HistoryRequest(request.currentEpoch() + 1, request.last()) : request;
            }
            return message;
        });
        ensemble.await("a part was fetched", 5_000, () -> requested.size() == 2);
        ensemble.runMillis(PacedSyncTest.PACED.initLimitMillis() - 500);
        assertEquals(2, requested.size());
        ensemble.await("another fetch begins", 5_000, () -> requested.size() > 2);
        assertTrue(requested.get(1).isAfter(requested.get(0)));
        assertEquals(requested.get(1), requested.get(2));
        serves(ensemble);
        assertTrue(ensemble.history().committed().size() >= 121);
    }

    /** A snapshot that the source had begun ends between two parts. */
    @Test
    void theCenterIsSentASnapshotWhenTheSourceHasDroppedTheNextPart() {
        SimEnsemble ensemble = startedPaced(315);
        ensemble.holdSnapshots();
        int center = centerThatLacks(ensemble, 90);
        StringBuilder modes = new StringBuilder();
        int[] requests = {0};
        ensemble.network().tap((from, to, message) -> {
            if (to.value() == center && message instanceof SyncBegin begin) {
                modes.append(begin.mode()).append(' ');
            } else if (from.value() == center && message instanceof HistoryRequest && ++requests[0] == 2) {
                ensemble.releaseSnapshots();
            }
            return true;
        });
        serves(ensemble);
        assertTrue(modes.toString().startsWith("DIFF SNAP DIFF "), modes.toString());
        assertTrue(ensemble.node(center).leads());
        assertTrue(ensemble.history().committed().size() >= 91);
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
