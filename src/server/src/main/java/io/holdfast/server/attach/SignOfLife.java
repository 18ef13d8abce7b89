package io.holdfast.server.attach;

import io.vertx.core.Future;

/** Tells whether the client at the other end of one connection is there. On the event loop of the connection. */
interface SignOfLife {

    /** Answers whether it gave a sign of life after what was sent to it before; asked once for each renewal. */
    Future<Boolean> isThere();
}
