package io.holdfast.client.spi;

import io.holdfast.client.ClientBuilder;
import io.holdfast.client.HoldfastException;
import io.holdfast.client.UnavailableException;

/**
 * The calls of the REST API as they are, for tools that show what the API says: each goes from node to node until one
 * says what became of it, as all calls of the client do. Made by {@link ClientBuilder#buildCalls}. Any thread.
 */
public interface ApiCalls extends AutoCloseable {

    /**
     * Sends a request, which must have the same effect however often it is sent.
     *
     * @return the answer, also when it is a refusal; {@link ApiAnswer#refusal} has that as an exception
     * @throws UnavailableException when no node answered within {@link ApiRequest#deadline}; it says whether the
     *     request may have had its effect
     * @throws HoldfastException never for a refusal
     */
    ApiAnswer call(ApiRequest request) throws InterruptedException;

    /** Ends all connections and threads. */
    @Override
    void close();
}
