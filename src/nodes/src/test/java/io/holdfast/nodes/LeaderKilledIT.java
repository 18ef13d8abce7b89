package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Eventually;
import io.holdfast.ensemble.history.History;
import io.holdfast.ensemble.history.HistoryCheck;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Leaders are killed while clients use the ensemble: as often as there are nodes, or as {@code -Dleader.kills=} says.
 * In every order, and among other faults, {@link ChaosIT} does it.
 */
class LeaderKilledIT {

    private static final int KILLS = Integer.getInteger("leader.kills", 3);
    private static final int LOCKS = 4;
    private static final Duration BOUND = Duration.ofMinutes(3);

    @RegisterExtension
    final Nodes nodes = new Nodes(3);

    @Test
    void nothingAcknowledgedIsLostAndNobodyElseHoldsWhileLeadersAreKilled() throws Exception {
        var ensemble = nodes.ensemble();
        ensemble.start();
        var history = new History();
        try (var load = new SteadyLoad(ensemble, history, LOCKS)) {
            for (var kill = 1; kill <= KILLS; kill++) {
                awaitProgress(load, history, "before kill " + kill);
                var leader = ensemble.awaitLeader();
                ensemble.node(leader).kill();
                awaitProgress(load, history, "without node " + leader + ", kill " + kill);
                ensemble.node(leader).start();
                ensemble.awaitReady();
            }
            load.stop();
            assertTrue(load.retries() >= KILLS, "no client noticed the kills: this test tests nothing");
        }
        assertEquals(List.of(), HistoryCheck.violations(history));
        everyReleasedGrantIsGone(history);
    }

    /** Every client gets something done, not only the fortunate ones. */
    private static void awaitProgress(SteadyLoad load, History history, String when) throws Exception {
        var before = history.size();
        Eventually.await("the load goes on " + when, BOUND, () -> {
            load.throwFailure();
            return history.size() >= before + 4 * LOCKS;
        });
    }

    private void everyReleasedGrantIsGone(History history) {
        var client = new Client(nodes.ensemble(), 1);
        for (var hold : history.holds()) {
            var status = client.insist("GET", "/v1/grants/" + hold.grant(), "").status();
            assertTrue(status == 404 || status == 410, () -> "a release was lost: " + hold + " answers " + status);
        }
        for (var lock = 0; lock < LOCKS; lock++) {
            assertEquals(0, client.lock("load/" + lock).body().path("holders").size());
        }
    }
}
