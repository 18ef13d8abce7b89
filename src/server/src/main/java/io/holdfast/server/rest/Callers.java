package io.holdfast.server.rest;

import io.holdfast.lock.Limits;
import io.holdfast.server.caller.Caller;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;

/** Keeps the caller of a request with it, from the gate, which proves it, to the resource, which hands it on. */
final class Callers {

    private static final String KEY = "io.holdfast.caller";

    private Callers() {}

    /** Sets the caller of a request, once. */
    static void set(RoutingContext request, Caller caller) {
        request.put(KEY, caller);
    }

    /**
     * Returns the caller of a request.
     *
     * @throws IllegalStateException when the gate did not see the request: nothing is done for it
     */
    static Caller of(RoutingContext request) {
        Caller caller = request.get(KEY);
        if (caller == null) {
            throw new IllegalStateException("a request reached a resource without passing the gate");
        }
        return caller;
    }

    /**
     * Returns the name that records have for the client of a request: its principal, or the address of one that proved
     * nothing. As long as a command takes it: longer ones are cut.
     */
    static String name(RoutingContext request) {
        Caller caller = of(request);
        String name = caller.isAnonymous() ? address(request.request()) : caller.principal();
        int end = Math.min(name.length(), Limits.REASON_CHARS);
        return name.substring(
                0, end < name.length() && Character.isHighSurrogate(name.charAt(end - 1)) ? end - 1 : end);
    }

    /** Returns the address of the client's connection; headers do not count. */
    private static String address(HttpServerRequest request) {
        SocketAddress address = request.connection().remoteAddress(true);
        String host = address == null ? null : address.hostAddress();
        return host == null || host.isEmpty() ? "unknown" : host;
    }
}
