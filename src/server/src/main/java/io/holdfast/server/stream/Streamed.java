package io.holdfast.server.stream;

import io.vertx.core.Future;

/** What is written to one connection until somebody ends it. Used on the event loop of the connection. */
public interface Streamed {

    /** Completes when it has begun; fails with {@link io.holdfast.server.replica.Refused} when it will not. */
    Future<Void> begun();

    /** Returns whether its caller may not see all that was asked for. */
    default boolean isFiltered() {
        return false;
    }

    /** The connection was full and can take more. */
    void drained();

    /** The connection is gone. */
    void close();
}
