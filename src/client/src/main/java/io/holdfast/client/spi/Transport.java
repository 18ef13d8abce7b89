package io.holdfast.client.spi;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Carries one request to one node. Any thread; no call may block. */
public interface Transport extends AutoCloseable {

    /**
     * Sends a request.
     *
     * @param node base URI of the node
     * @param timeout from this call to the last byte of the answer
     * @return the answer, whatever its status, with all of its body; fails with a {@link TransportException}. Anything
     *     else it fails with counts as an unknown outcome
     */
    CompletableFuture<TransportResponse> send(URI node, TransportRequest request, Duration timeout);

    /** Ends all connections. */
    @Override
    void close();
}
