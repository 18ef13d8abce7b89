package io.holdfast.client.internal;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Runs what belongs to one listener, one at a time and in order; it may throw or take its time. Any thread. */
final class Callbacks implements Executor {

    private static final System.Logger LOG = System.getLogger(Callbacks.class.getName());

    private final Executor threads;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean running;

    Callbacks(Executor threads) {
        this.threads = threads;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (waiting) {
            waiting.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        start();
    }

    private void start() {
        try {
            threads.execute(this::run);
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.WARNING, "a listener is not told, its executor takes nothing", e);
            synchronized (waiting) {
                waiting.clear();
                running = false;
            }
        }
    }

    private void run() {
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "a listener failed", e);
            }
        }
    }

    private @Nullable Runnable next() {
        synchronized (waiting) {
            Runnable task = waiting.poll();
            running = task != null;
            return task;
        }
    }
}
