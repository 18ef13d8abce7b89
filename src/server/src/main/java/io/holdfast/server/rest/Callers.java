package io.holdfast.server.rest;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;

/** Returns the address of a request's client, for records. */
final class Callers {

    private Callers() {}

    /**
     * Returns the caller's address: that of the connection, or what a trusted proxy says of it where
     * {@code quarkus.http.proxy} says so.
     */
    static String name(HttpServerRequest caller) {
        SocketAddress address = caller.remoteAddress();
        String host = address == null ? null : address.hostAddress();
        if (host == null && address != null) {
            // A proxy may give a name, or an address that was not resolved.
            host = address.host();
        }
        return host == null || host.isEmpty() ? "unknown" : host;
    }
}
