package io.holdfast.zab.ensemble;

import static io.holdfast.zab.ensemble.FanOutTest.FANNED;
import static io.holdfast.zab.ensemble.FanOutTest.count;
import static io.holdfast.zab.ensemble.FanOutTest.feeders;
import static io.holdfast.zab.ensemble.FanOutTest.relayOf;
import static io.holdfast.zab.ensemble.FanOutTest.started;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.holdfast.zab.core.ServerId;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who feeds the observers when followers go and come back (decision 0018). */
final class SpreadTest {

    /** Returns how often an observer, or a follower, was brought up to date. */
    private static int links(SimEnsemble ensemble) {
        return ensemble.history().syncs().values().stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    @Test
    void observersAreSpreadAgainWhenAFollowerComesBack() {
        SimEnsemble ensemble = started(21, 3, 6, FANNED);
        SimNode leader = ensemble.leader();
        SimNode away = relayOf(ensemble, ensemble.node(4));
        ensemble.crash(away);
        ensemble.await("all serve", 2_000, () -> ensemble.leader() != null);
        ensemble.runMillis(2 * FANNED.initLimitMillis());
        ensemble.start(away);
        ensemble.await("all serve", 4_000, () -> ensemble.leader() != null);
        ensemble.await(
                "each follower feeds three", 6 * FANNED.syncLimitMillis(), () -> count(feeders(ensemble), away) == 3);
        int links = links(ensemble);
        ensemble.runMillis(3 * FANNED.initLimitMillis());
        Map<ServerId, ServerId> feeders = feeders(ensemble);
        assertEquals(6, feeders.size());
        assertEquals(3, count(feeders, away));
        assertEquals(0, count(feeders, leader));
        assertEquals(links, links(ensemble), "they come to rest");
        assertEquals(1, ensemble.history().leaders());
    }

    /** The leader hears the follower well, so it would send the observer there again. */
    @Test
    void anObserverWhoseFollowerIsSilentGoesToAnotherAtOnce() {
        SimEnsemble ensemble = started(22, 3, 2, FANNED);
        SimNode observer = ensemble.node(4);
        SimNode relay = relayOf(ensemble, observer);
        ensemble.network().silence(relay.id(), observer.id());
        ensemble.await("it stops", FANNED.syncLimitMillis() + 100, () -> !observer.serves());
        ensemble.await("it serves again", 600, observer::serves);
        assertNotEquals(relay, relayOf(ensemble, observer));
        assertEquals(1, ensemble.history().leaders());
    }
}
