package io.holdfast.cdi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class AsyncWorkTest {

    @Test
    void whatFollowsACancelledWorkRunsOutsideOfItsMonitor() {
        AsyncWork work = new AsyncWork();
        List<Boolean> holds = new CopyOnWriteArrayList<>();
        AsyncWork.onComplete(work, (value, failure) -> holds.add(Thread.holdsLock(work)));
        assertTrue(work.cancel(true));
        assertEquals(List.of(false), holds);
    }

    @Test
    void aWorkThatWasCancelledBeforeItsTurnIsNotBegun() {
        AsyncWork work = new AsyncWork();
        List<Runnable> later = new CopyOnWriteArrayList<>();
        work.begin(later::add, () -> {
            throw new AssertionError("begun");
        });
        assertTrue(work.cancel(true));
        later.get(0).run();
        assertTrue(work.isCancelled());
    }

    @Test
    void aWorkThatRunsIsOverWhenItsStageIs() {
        AsyncWork work = new AsyncWork();
        CompletableFuture<Object> stage = new CompletableFuture<>();
        work.begin(Runnable::run, () -> stage);
        assertTrue(work.cancel(true));
        assertTrue(stage.isCancelled());
        assertTrue(work.isCompletedExceptionally());
    }
}
