package io.holdfast.sidecar.core;

import java.util.function.LongSupplier;

/** What is called when a leadership begins, and when it must end. */
public interface Hooks {

    /** Begins to say that the leadership began, until that succeeds; returns at once. */
    void elected(long token);

    /**
     * Says that it must end, and says it again while that fails. What {@link #elected} began is ended first.
     *
     * @param token fencing token of the leadership
     * @param leftMillis how much time is left at this moment; 0 ends it
     * @return whether the application said that it has stopped
     */
    boolean stop(long token, LongSupplier leftMillis);

    /**
     * The application has stopped without that: ends the call of the stop hook, once no time is left; returns at once.
     */
    void stopped(long token);
}
