package io.holdfast.server.edge;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Follows each request from its first byte until it is answered, for its connection and for what is measured. */
@Singleton
public final class Arrivals {

    private final Connections connections;
    private final RequestLog log;

    @Inject
    Arrivals(Connections connections, RequestLog log) {
        this.connections = connections;
        this.log = log;
    }

    /**
     * Notes that the head of a request is complete. On its event loop.
     *
     * @return when its first byte came, by {@link System#nanoTime}
     */
    public long begun(RoutingContext request) {
        long arrived = connections.begun(request.request());
        log.begun(request, arrived);
        request.addEndHandler(over -> connections.ended(request.request()));
        return arrived;
    }

    /**
     * Returns how many bytes came for a request until its head was complete, and before that since the head of the one
     * before: its headers have no more, unless they were compressed. On its event loop.
     */
    public long bytes(HttpServerRequest request) {
        return connections.headBytes(request);
    }

    /** Notes which route of the API a request takes. */
    public void routed(RoutingContext request, String template) {
        connections.asked(request.request().isSSL());
        log.routed(request, template);
    }

    /** Counts what a client did wrong with its connection. */
    public void count(Fault fault) {
        connections.count(fault);
    }
}
