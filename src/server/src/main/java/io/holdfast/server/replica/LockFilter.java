package io.holdfast.server.replica;

/** Which locks a listing shows. */
public enum LockFilter {
    /** Held, with waiters, or closed by a lock-delay. */
    IN_USE,
    HELD,
    WAITING
}
