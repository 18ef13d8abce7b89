package io.holdfast.zab.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A snapshot leaves the disk to the log when the log is slower than usual. */
class LogPaceTest {

    private static final long STEP = millis(30);

    private final LogPace pace = new LogPace(nanos -> {});

    @Test
    void aSnapshotPausesWhileTheLogIsSlowerThanUsual() {
        usual(millis(1));
        pace.begins(0);
        assertEquals(0, pace.pauseAfter(STEP));
        pace.logSynced(millis(50));
        assertEquals(3 * STEP, pace.pauseAfter(STEP));
        pace.logSynced(millis(2));
        assertEquals(0, pace.pauseAfter(STEP));
    }

    @Test
    void whatIsUsualOnASlowDiskIsNotSlow() {
        usual(millis(30));
        pace.begins(0);
        pace.logSynced(millis(60));
        assertEquals(0, pace.pauseAfter(STEP));
        for (int i = 0; i < 1_000; i++) {
            pace.logSynced(millis(300));
        }
        assertEquals(3 * STEP, pace.pauseAfter(STEP), "what is slow beside a snapshot does not become usual");
        assertEquals(millis(1_000), pace.pauseAfter(millis(900)), "and no pause is longer than a second");
    }

    @Test
    void aSnapshotThatTheNodeWaitsForDoesNotPause() {
        usual(millis(1));
        pace.begins(0);
        pace.logSynced(millis(50));
        pace.hurry(true);
        assertEquals(0, pace.pauseAfter(STEP));
    }

    private void usual(long nanos) {
        for (int i = 0; i < 1_000; i++) {
            pace.logSynced(nanos);
        }
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
