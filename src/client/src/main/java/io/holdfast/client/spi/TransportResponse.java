package io.holdfast.client.spi;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One answer, complete. */
public final class TransportResponse {

    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    /**
     * Creates one.
     *
     * @param headers the first value of each name
     * @param body not copied; must not change any more
     */
    public TransportResponse(int status, Map<String, String> headers, byte[] body) {
        this.status = status;
        this.headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        this.headers.putAll(headers);
        this.body = body;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The first value of a header, by its name in any case. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** The body; not to be changed. */
    public byte[] body() {
        return body;
    }

    @Override
    public String toString() {
        return status + " with " + body.length + " bytes";
    }
}
