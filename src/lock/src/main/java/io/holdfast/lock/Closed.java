package io.holdfast.lock;

/**
 * For how long a lock is given to nobody.
 *
 * @param number revision of the transaction that closed it
 */
record Closed(long number, int millis) {}
