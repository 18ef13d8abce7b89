package io.holdfast.server.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FarewellTest {

    private final List<String> seen = new ArrayList<>();

    private Farewell farewell(Duration delay) {
        Farewell farewell = new Farewell(Optional.of(delay));
        farewell.onDraining(() -> seen.add("drains " + farewell.isDraining() + " " + farewell.isLeaving()));
        farewell.onLeaving(() -> seen.add("leaves " + farewell.isLeaving()));
        return farewell;
    }

    @Test
    void whatIsDoneWhileTheNodeStillServesComesBeforeItLeaves() {
        long begun = System.nanoTime();
        farewell(Duration.ofMillis(50)).drainAndLeave();
        assertEquals(List.of("drains true false", "leaves true"), seen);
        assertTrue(System.nanoTime() - begun >= Duration.ofMillis(50).toNanos());
    }

    @Test
    void aNodeThatCannotHandOverLeavesAllTheSame() {
        Farewell farewell = farewell(Duration.ofMillis(1));
        farewell.onDraining(() -> {
            throw new IllegalStateException("the loop has ended");
        });
        assertThrows(IllegalStateException.class, farewell::drainAndLeave);
        assertEquals(List.of("drains true false", "leaves true"), seen);
    }

    @Test
    void aNodeThatServesNoLongerLeavesAtOnce() {
        farewell(Duration.ZERO).drainAndLeave();
        assertEquals(List.of("leaves true"), seen);
    }
}
