package io.holdfast.client.internal;

/** The two clocks that the time of a lease is counted by. Any thread. */
@FunctionalInterface
interface TimeSource {

    /** The clocks of this machine. */
    TimeSource SYSTEM = () -> new Mark(System.nanoTime(), System.currentTimeMillis());

    /** Reads both. */
    Mark now();
}
