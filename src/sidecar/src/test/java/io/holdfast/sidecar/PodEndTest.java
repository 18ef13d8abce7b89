package io.holdfast.sidecar;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Eventually;
import io.holdfast.sidecar.core.Bench;
import io.holdfast.sidecar.core.Eligibility;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the end of a pod waits for. */
@Timeout(120)
class PodEndTest {

    private final Bench bench = new Bench();
    private final Eligibility eligibility = new Eligibility(Optional.empty(), () -> {});
    private final PodEnd end =
            new PodEnd(bench.leadership, eligibility, bench.clock, Duration.ofSeconds(5), Optional.empty());

    @Test
    void itWaitsUntilTheApplicationHasResigned() throws Exception {
        bench.election.elect(7);
        CompletableFuture<Void> ended = CompletableFuture.runAsync(end::awaitApplication);
        Eventually.await("it waits", Bench.BOUND, () -> bench.leadership.now().validForMs() == 5_000);
        bench.leadership.resign();
        ended.get(60, TimeUnit.SECONDS);
        assertFalse(bench.leadership.isHeld());
        assertFalse(eligibility.mayStand());
    }

    @Test
    void withoutTheLeadershipOrAfterAnAnnouncementItWaitsForNothing() throws Exception {
        end.awaitApplication();
        bench.election.elect(7);
        end.announced();
        end.awaitApplication();
        assertTrue(bench.leadership.isHeld());
    }
}
