package io.holdfast.client.spi;

import java.net.URI;
import java.time.Duration;
import java.util.List;
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

    /**
     * Sends a request whose answer goes on, or is large: it is read piece by piece.
     *
     * @param node base URI of the node
     * @param timeout from this call to the head of the answer
     * @return the answer, whatever its status, once its head is there; fails as {@link #send} does
     */
    CompletableFuture<TransportStream> open(URI node, TransportRequest request, Duration timeout);

    /**
     * Looks up where an endpoint is: a host name with several addresses is several nodes.
     *
     * @return base URIs that {@link #send} takes, one for each address; empty when there is nothing to add to the
     *     endpoint itself
     */
    default CompletableFuture<List<URI>> addresses(URI endpoint) {
        return CompletableFuture.completedFuture(List.of());
    }

    /** Ends all connections. */
    @Override
    void close();
}
