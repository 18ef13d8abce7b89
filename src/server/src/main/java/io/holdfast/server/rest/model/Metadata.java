package io.holdfast.server.rest.model;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Whatever JSON object a client attached to a session or a grant; it travels as text and is never looked into.
 *
 * @param json compact JSON text of the object
 */
public record Metadata(@JsonValue @JsonRawValue String json) {

    /** Bytes of its compact text in UTF-8 at most. */
    public static final int MAX_BYTES = 4096;

    private static final Metadata NONE = new Metadata("{}");

    static Metadata of(String text) {
        return text.isEmpty() ? NONE : new Metadata(text);
    }

    /** Returns the text that is replicated: empty when nothing was given. */
    static String text(@Nullable JsonNode given) {
        return given == null || given.isNull() ? "" : given.toString();
    }
}
