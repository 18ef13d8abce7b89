package io.holdfast.client.internal;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** A loop in made-up time, run by the test's thread: the same seed gives the same run. */
final class FakeLoop implements Loop {

    private record Task(long at, long number, Runnable task) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::number));
    private final Random random;
    private long millis;
    private long wallOffset;
    private long number;

    FakeLoop(long seed) {
        random = new Random(seed);
    }

    long millis() {
        return millis;
    }

    @Override
    public Mark now() {
        return new Mark(millis * 1_000_000, millis + wallOffset);
    }

    void setWallClock(long offset) {
        wallOffset = offset;
    }

    @Override
    public boolean offer(Runnable task) {
        schedule(0, task);
        return true;
    }

    @Override
    public void schedule(long delay, Runnable task) {
        tasks.add(new Task(millis + delay, number++, task));
    }

    @Override
    public double random() {
        return random.nextDouble();
    }

    @Override
    public void close() {
        tasks.clear();
    }

    /** Lets time pass and does what is due in it. */
    void pass(long delay) {
        long end = millis + delay;
        for (Task next = tasks.peek(); next != null && next.at() <= end; next = tasks.peek()) {
            tasks.remove();
            millis = Math.max(millis, next.at());
            next.task().run();
        }
        millis = end;
    }

    /** Lets time pass while this process does nothing, as under SIGSTOP. */
    void standStill(long delay) {
        millis += delay;
    }

    /** Lets time pass until something is so, for a bounded time. */
    void until(long bound, BooleanSupplier condition) {
        for (long end = millis + bound; !condition.getAsBoolean(); ) {
            if (millis >= end) {
                throw new AssertionError("not within " + bound + " ms of made-up time");
            }
            pass(1);
        }
    }
}
