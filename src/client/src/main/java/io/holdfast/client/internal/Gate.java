package io.holdfast.client.internal;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Lets so many requests through at once; the others wait in order. Any thread. */
final class Gate {

    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private int free;

    private record Waiting(Runnable start, CompletableFuture<?> result) {}

    Gate(int size) {
        free = size;
    }

    /** Starts a request when there is room, until its result is there; not at all when that is there before. */
    void enter(Runnable start, CompletableFuture<?> result) {
        synchronized (this) {
            if (free == 0) {
                waiting.add(new Waiting(start, result));
                return;
            }
            free--;
        }
        run(new Waiting(start, result));
    }

    private void run(Waiting next) {
        next.start().run();
        Futures.onComplete(next.result(), (value, failure) -> leave());
    }

    private void leave() {
        Waiting next = next();
        if (next != null) {
            run(next);
        }
    }

    private synchronized @Nullable Waiting next() {
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            if (!next.result().isDone()) {
                return next;
            }
        }
        free++;
        return null;
    }
}
