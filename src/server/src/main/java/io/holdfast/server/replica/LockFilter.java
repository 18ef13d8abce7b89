package io.holdfast.server.replica;

/** Which locks a listing shows. */
public enum LockFilter {
    HELD,
    /** Held, and somebody stands in line. */
    WAITING
}
