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

/** A rolling restart under load: each node is told to stop, the leader always first. */
class DrainIT {

    private static final int STOPS = 3;
    private static final int LOCKS = 3;
    private static final int ENDED_BY_SIGTERM = 128 + 15;
    private static final Duration BOUND = Duration.ofMinutes(3);

    /** Not ready any more and still serving for a while, so that what routes requests notices in time. */
    @RegisterExtension
    final Nodes nodes = new Nodes(3, blueprint -> blueprint.with("quarkus.shutdown.delay", "1s"));

    @Test
    void aLeaderThatIsToldToStopHandsOverAndNothingIsLost() throws Exception {
        var ensemble = nodes.ensemble();
        ensemble.start();
        var history = new History();
        try (var load = new SteadyLoad(ensemble, history, LOCKS)) {
            for (var stop = 1; stop <= STOPS; stop++) {
                awaitProgress(load, history, "before stop " + stop);
                var leader = ensemble.awaitLeader();
                assertEquals(ENDED_BY_SIGTERM, ensemble.node(leader).stop());
                var log = ensemble.node(leader).log();
                var told = log.lastIndexOf("This node is stopping");
                var handsOver = log.indexOf("hands over", told);
                var closes = log.lastIndexOf("This node ends what it holds");
                assertTrue(told >= 0 && told < handsOver && handsOver < closes, () -> "node " + leader + ": " + log);
                awaitProgress(load, history, "without node " + leader + ", stop " + stop);
                ensemble.node(leader).start();
                ensemble.awaitReady();
            }
            load.stop();
        }
        assertEquals(List.of(), HistoryCheck.violations(history));
    }

    private static void awaitProgress(SteadyLoad load, History history, String when) throws Exception {
        var before = history.size();
        Eventually.await("the load goes on " + when, BOUND, () -> {
            load.throwFailure();
            return history.size() >= before + 4 * LOCKS;
        });
    }
}
