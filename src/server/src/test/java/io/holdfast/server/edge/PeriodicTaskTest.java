package io.holdfast.server.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PeriodicTaskTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void anActionThatFailsRunsAgainUntilItIsCancelled() {
        var runs = new AtomicInteger();
        channel.freezeTime();
        var task = PeriodicTask.schedule(channel.eventLoop(), 500, "a test", () -> {
            if (runs.incrementAndGet() < 3) {
                throw new IllegalStateException("a defect");
            }
        });
        for (var i = 1; i <= 4; i++) {
            pass(500);
            assertEquals(i, runs.get());
        }
        task.cancel(false);
        pass(500);
        assertEquals(4, runs.get());
    }
}
