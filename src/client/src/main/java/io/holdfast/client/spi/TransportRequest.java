package io.holdfast.client.spi;

import java.util.Map;

/**
 * One request.
 *
 * @param kind how it shares the way to the node with others
 * @param method of HTTP
 * @param target path and query, each already in the form of a URI
 * @param headers by name
 * @param body JSON; empty for none
 */
public record TransportRequest(Kind kind, String method, String target, Map<String, String> headers, String body) {

    /** How a request shares the way to a node. */
    public enum Kind {
        /** Answered at once; 32 at a node at a time. */
        CALL,
        /** Held by the node until something happens; 256 at a node at a time. */
        POLL,
        /** Renews leases; waits for no other request. */
        KEEPALIVE
    }

    /** Copies what could change. */
    public TransportRequest {
        headers = Map.copyOf(headers);
    }
}
