package io.holdfast.server.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HoldsTest {

    private static final long BUCKET = 100;

    private final Timeouts timeouts = new Timeouts(BUCKET);
    private final Holds<String> holds = new Holds<>(3, timeouts);
    private final List<String> woken = new ArrayList<>();

    private Holds<String>.Hold hold(String key, long deadline) {
        return holds.hold(key, deadline, () -> woken.add(key + "@" + deadline));
    }

    @Test
    void whatHappensToAKeyWakesAllWhoWaitForItInTheirOrder() {
        hold("a", 900);
        hold("b", 900);
        hold("a", 500);

        holds.wake("a");

        assertEquals(List.of("a@900", "a@500"), woken);
        assertEquals(1, holds.size());
    }

    @Test
    void aDeadlineWakesOnceAndNeverEarly() {
        hold("a", 450);

        timeouts.expire(499);
        assertTrue(woken.isEmpty());
        timeouts.expire(500);
        timeouts.expire(5_000);
        holds.wake("a");

        assertEquals(List.of("a@450"), woken);
        assertTrue(timeouts.isEmpty());
    }

    @Test
    void aCutRequestLeavesNothingBehind() {
        Holds<String>.Hold hold = hold("a", 450);

        hold.cancel();
        hold.cancel();
        timeouts.expire(5_000);
        holds.wake("a");

        assertTrue(woken.isEmpty());
        assertEquals(0, holds.size());
        assertTrue(timeouts.isEmpty());
    }

    @Test
    void theBoundCountsWhoWaitsNow() {
        hold("a", 450);
        hold("b", 450);
        hold("c", 450);
        assertFalse(holds.hasRoom());

        holds.wake("b");

        assertTrue(holds.hasRoom());
    }

    @Test
    void whoWaitsAgainWhileBeingWokenStays() {
        holds.hold("a", 450, () -> hold("a", 900));

        holds.wakeAll();

        assertEquals(1, holds.size());
        assertTrue(woken.isEmpty());
        timeouts.expire(1_000);
        assertEquals(List.of("a@900"), woken);
    }

    @Test
    void reachingARevisionWakesAllThatWaitForItOrALowerOne() {
        Holds<Long> revisions = new Holds<>(10, timeouts);
        List<Long> reached = new ArrayList<>();
        for (long revision : new long[] {5, 3, 9}) {
            revisions.hold(revision, 450, () -> reached.add(revision));
        }

        revisions.wakeUpTo(5L);

        assertEquals(List.of(3L, 5L), reached);
        assertEquals(1, revisions.size());
    }
}
