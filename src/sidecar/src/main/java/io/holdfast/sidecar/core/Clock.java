package io.holdfast.sidecar.core;

/** The two clocks that a sidecar counts by. Any thread. */
@FunctionalInterface
public interface Clock {

    /** The clocks of this machine. */
    Clock SYSTEM = () -> new Moment(System.nanoTime(), System.currentTimeMillis());

    /** Reads both. */
    Moment now();
}
