package io.holdfast.client.internal;

import java.util.List;
import java.util.concurrent.Delayed;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A loop on a daemon thread of its own. */
final class ThreadLoop implements Loop {

    private static final System.Logger LOG = System.getLogger(ThreadLoop.class.getName());

    private static final long END_MILLIS = 1_000;

    private final ScheduledThreadPoolExecutor thread;

    ThreadLoop(String name) {
        thread = new ScheduledThreadPoolExecutor(1, daemons(name));
        thread.setRemoveOnCancelPolicy(true);
    }

    /** Daemon threads with that name and a number. */
    static ThreadFactory daemons(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public Mark now() {
        return TimeSource.SYSTEM.now();
    }

    @Override
    public boolean offer(Runnable task) {
        try {
            thread.execute(guarded(task));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    @Override
    public void schedule(long millis, Runnable task) {
        try {
            ScheduledFuture<?> unused = thread.schedule(guarded(task), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "the client is closed");
        }
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "a defect of the client", e);
            }
        };
    }

    @Override
    public double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    @Override
    public void close() {
        List<Runnable> left = thread.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            boolean ended = thread.awaitTermination(END_MILLIS, TimeUnit.MILLISECONDS);
            LOG.log(System.Logger.Level.DEBUG, "the loop ended: {0}", ended);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        left.stream()
                .filter(task -> task instanceof Delayed delayed && delayed.getDelay(TimeUnit.NANOSECONDS) <= 0)
                .forEach(Runnable::run);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
