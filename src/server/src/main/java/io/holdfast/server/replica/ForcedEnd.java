package io.holdfast.server.replica;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Ends the process by force when its orderly end takes too long. Its thread waits from the start on, so that nothing
 * has to be made and no class to be loaded in a process that may not be able to any more.
 *
 * <p>May be used by any thread.
 */
final class ForcedEnd {

    private final CompletableFuture<ExitCode> due = new CompletableFuture<>();
    private final Duration grace;
    private final IntConsumer halt;

    private ForcedEnd(Duration grace, IntConsumer halt) {
        this.grace = grace;
        this.halt = halt;
    }

    /**
     * Begins to wait.
     *
     * @param grace how long an orderly end may take
     * @param halt ends the process at once, with this exit code
     */
    static ForcedEnd start(Duration grace, IntConsumer halt) {
        ForcedEnd end = new ForcedEnd(grace, halt);
        Thread thread = new Thread(end::await, "holdfast-exit");
        thread.setDaemon(true);
        thread.start();
        return end;
    }

    /** The process ends with this code, unless it ends by itself within the grace time; the first call counts. */
    void due(ExitCode code) {
        due.complete(code);
    }

    private void await() {
        try {
            int code = due.get().code();
            TimeUnit.NANOSECONDS.sleep(grace.toNanos());
            halt.accept(code);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody completes this with a failure", e);
        }
    }
}
