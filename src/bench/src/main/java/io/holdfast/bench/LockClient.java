package io.holdfast.bench;

import io.vertx.core.Future;

/**
 * One client of a lock service: one session of its own, one operation at a time, each sent again until it has an
 * answer.
 *
 * <p>Futures complete on a thread of the client's choosing.
 */
interface LockClient extends AutoCloseable {

    /** Opens its session. */
    Future<Void> open();

    /** Takes a lock, in line for as long as it takes. */
    Future<Void> acquire(String lock);

    /** Gives back what it took last. */
    Future<Void> release();

    /** How many requests it had to send again. */
    long retries();

    @Override
    void close();
}
