package io.holdfast.client.internal;

import java.util.concurrent.Executor;

/** The one thread that the client's state belongs to, with its timer and its clocks. Any thread. */
interface Loop extends Executor, TimeSource {

    /** Runs something on the thread; returns false when the loop is closed and takes nothing any more. */
    boolean offer(Runnable task);

    @Override
    default void execute(Runnable task) {
        if (!offer(task)) {
            System.getLogger(Loop.class.getName()).log(System.Logger.Level.DEBUG, "the client is closed");
        }
    }

    /** Runs something later, and never before that time; not at all once it is closed. */
    void schedule(long millis, Runnable task);

    /** A number from 0 inclusive to 1 exclusive, for jitter. */
    double random();

    /** Takes no more, and has run what was to run at once when it returns. Not on the loop. */
    void close();
}
