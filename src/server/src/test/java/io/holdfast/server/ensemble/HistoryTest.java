package io.holdfast.server.ensemble;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HistoryTest {

    private final History history = new History();

    @Test
    void anOrderlyHistoryBreaksNothing() {
        add("a", 1, 0, 10, 20, 30);
        add("a", 3, 5, 25, 40, 50);
        add("b", 2, 6, 24, 41, 51);
        assertEquals(0, history.violations().size(), () -> history.violations().toString());
    }

    @Test
    void twoHoldersAtATimeAreFound() {
        add("a", 1, 0, 10, 20, 30);
        add("a", 2, 5, 15, 40, 50);
        assertTrue(history.violations().toString().contains("two holders"));
    }

    @Test
    void aTokenThatFallsIsFoundOnOneLockAndOverLocks() {
        add("a", 2, 0, 10, 20, 30);
        add("a", 1, 5, 25, 40, 50);
        assertTrue(history.violations().toString().contains("the token of a lock did not rise"));
        add("b", 2, 26, 30, 40, 50);
        assertTrue(history.violations().toString().contains("a token did not rise"));
    }

    private void add(String lock, long token, long requested, long confirmed, long releaseRequested, long released) {
        history.add(new History.Hold(lock, "g" + token, token, requested, confirmed, releaseRequested, released));
    }
}
