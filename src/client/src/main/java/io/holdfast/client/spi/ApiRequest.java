package io.holdfast.client.spi;

import io.holdfast.api.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request to the REST API.
 *
 * @param method of HTTP
 * @param target path and query, each already in the form of a URI
 * @param headers by name
 * @param body JSON; empty for none
 * @param held how long a node holds the request on purpose
 * @param deadline how long the call looks for a node that answers, without that time
 * @param expected reads an answer below 400; one that it does not read is garbage, and another node is asked. Empty
 *     when the answer has no body
 */
public record ApiRequest(
        String method,
        String target,
        Map<String, String> headers,
        String body,
        Duration held,
        Duration deadline,
        Optional<Json.Reader<?>> expected) {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    /** Copies what could change. */
    public ApiRequest {
        headers = Map.copyOf(headers);
    }

    /** A request without a body, that is not held and has 30 s. */
    public static ApiRequest of(String method, String target) {
        return new ApiRequest(method, target, Map.of(), "", Duration.ZERO, DEADLINE, Optional.empty());
    }

    /** The same with a body. */
    public ApiRequest body(Json.Writable document) {
        String json = new String(Json.write(document), StandardCharsets.UTF_8);
        return new ApiRequest(method, target, headers, json, held, deadline, expected);
    }

    /** The same with one header more. */
    public ApiRequest header(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new ApiRequest(method, target, more, body, held, deadline, expected);
    }

    /** The same, held by the node for so long. */
    public ApiRequest held(Duration time) {
        return new ApiRequest(method, target, headers, body, time, deadline, expected);
    }

    /** The same with another deadline. */
    public ApiRequest within(Duration time) {
        return new ApiRequest(method, target, headers, body, held, time, expected);
    }

    /** The same, whose answer must be what that reads. */
    public ApiRequest expecting(Json.Reader<?> reader) {
        return new ApiRequest(method, target, headers, body, held, deadline, Optional.of(reader));
    }
}
