package io.holdfast.zab.ensemble;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Every message is late by up to 400 ms: a leader stays, and one that dies is replaced. What that takes is not a limit
 * of the protocol but a dozen messages one after the other: that the link ended, a vote there and back, dialing,
 * discovery, synchronization, and then the write.
 */
final class JitterTest {

    private static final int JITTER_MILLIS = 400;
    private static final int SEEDS = Integer.getInteger("jitter.seeds", 8);

    @Test
    void aLeaderStaysAndIsReplaced() {
        long longest = 0;
        for (int seed = 500; seed < 500 + SEEDS; seed++) {
            SimEnsemble ensemble = Scenario.started(seed, 3);
            ensemble.jitter(JITTER_MILLIS);
            ensemble.runMillis(20_000);
            assertEquals(1, ensemble.history().leaders(), "seed " + seed + ": no message was late by a limit");
            long begun = ensemble.scheduler().now();
            ensemble.crash(ensemble.leader());
            awaitWrite(ensemble);
            longest = Math.max(longest, (ensemble.scheduler().now() - begun) / 1_000_000);
        }
        assertTrue(longest < 7_000, "without a leader for " + longest + " ms");
    }

    private static void awaitWrite(SimEnsemble ensemble) {
        List<Long> requests = new ArrayList<>();
        SimNode node =
                ensemble.nodes().stream().filter(SimNode::isUp).findFirst().orElseThrow();
        ensemble.await("an answer", 30_000, () -> {
            requests.add(ensemble.submit(node));
            return requests.stream()
                    .anyMatch(request -> ensemble.isAnswered(node, request) && ensemble.refusal(request) == null);
        });
    }
}
