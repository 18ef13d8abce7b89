package io.holdfast.server.limit;

/** What counts as held until it is released. */
public interface Held {

    /** Counts it no more; to be called once. */
    void release();
}
