package io.holdfast.client.spi;

import io.holdfast.api.Json;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.Problem;
import io.holdfast.client.HoldfastException;
import java.net.URI;
import java.util.Optional;

/**
 * What a node answered.
 *
 * @param node its base URI
 * @param response the answer as it came
 * @param problem with a status of 400 or more: what was refused
 * @param refusal the same as an exception
 * @param repeated whether an earlier try may have had the effect, so that a refusal may be of a repetition
 */
public record ApiAnswer(
        URI node,
        TransportResponse response,
        Optional<Problem> problem,
        Optional<HoldfastException> refusal,
        boolean repeated) {

    /** The HTTP status. */
    public int status() {
        return response.status();
    }

    /**
     * Reads the body, which the reader given with the request has accepted before.
     *
     * @throws IllegalStateException when this reader does not accept it
     */
    public <T> T read(Json.Reader<T> reader) {
        try {
            return Json.read(response.body(), reader);
        } catch (MalformedJsonException e) {
            throw new IllegalStateException("not the document that the request expected: " + e.getMessage(), e);
        }
    }
}
