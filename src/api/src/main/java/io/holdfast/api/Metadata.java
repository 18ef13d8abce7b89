package io.holdfast.api;

import java.nio.charset.StandardCharsets;

/**
 * Any JSON object that a client attaches to a session or a grant; it travels as text and is never looked into.
 *
 * @param json text of the object
 */
public record Metadata(String json) {

    /** Bytes of its text in UTF-8 at most, as the server takes it. */
    public static final int BYTES_MAX = 4096;

    /** The empty object. */
    public static final Metadata NONE = new Metadata("{}");

    /**
     * Takes the text of an object.
     *
     * @throws IllegalArgumentException when it is no JSON object, or has more than {@link #BYTES_MAX} bytes
     */
    public static Metadata of(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "metadata has at most " + BYTES_MAX + " bytes in UTF-8, this has " + bytes.length);
        }
        try {
            return Json.read(bytes, in -> {
                in.beginObject();
                return in.metadata();
            });
        } catch (MalformedJsonException e) {
            throw new IllegalArgumentException("metadata is one JSON object: " + e.getMessage(), e);
        }
    }

    /** Takes what the parser found to be an object. */
    static Metadata read(String json) {
        return new Metadata(json);
    }
}
