package io.holdfast.lock.lease;

/** What ends by the leader's clock. */
enum Deadline {
    /** A session that is not kept alive. */
    SESSION,
    /** A ticket's time in line. */
    WAIT,
    /** The time for which a lock stays closed after an expiry. */
    DELAY,
    /** A wish that a holder yields. */
    YIELD,
    /** The warning before a break. */
    BREAK
}
