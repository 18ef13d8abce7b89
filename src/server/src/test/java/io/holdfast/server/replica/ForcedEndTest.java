package io.holdfast.server.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ForcedEndTest {

    private final CompletableFuture<Integer> halted = new CompletableFuture<>();

    @Test
    void theProcessEndsWithTheFirstCodeWhenTheGraceTimeIsOver() throws Exception {
        var end = ForcedEnd.start(Duration.ofMillis(1), halted::complete);
        assertFalse(halted.isDone());
        end.due(ExitCode.NODE_FAILED);
        end.due(ExitCode.LOG_CORRUPT);
        assertEquals(ExitCode.NODE_FAILED.code(), halted.get(60, TimeUnit.SECONDS));
    }

    @Test
    void theGraceTimeIsLeftToAnOrderlyEnd() {
        ForcedEnd.start(Duration.ofHours(1), halted::complete).due(ExitCode.NODE_FAILED);
        assertFalse(halted.isDone());
    }
}
