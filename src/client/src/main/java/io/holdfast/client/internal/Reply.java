package io.holdfast.client.internal;

import io.holdfast.api.Json;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.Problem;
import io.holdfast.client.spi.TransportResponse;
import java.net.URI;
import java.util.Optional;

/**
 * An answer that says what became of the request.
 *
 * @param status of HTTP
 * @param response as it came
 * @param problem of a status of 400 or more
 * @param node that answered
 * @param firstSent before the first try was sent, each of which may have had the effect
 * @param repeated whether an earlier try had an unknown outcome
 */
record Reply(
        int status, TransportResponse response, Optional<Problem> problem, URI node, Mark firstSent, boolean repeated) {

    /** Slug of the problem; empty without one. */
    String slug() {
        return problem.map(Problem::slug).orElse("");
    }

    <T> T read(Json.Reader<T> reader) throws MalformedJsonException {
        return Json.read(response.body(), reader);
    }
}
