package io.holdfast.api;

import org.jspecify.annotations.Nullable;

/** Makes messages of the lines of a stream of Server-Sent Events. Used by one thread. */
public final class SseParser {

    private static final int DATA_CHARS_MAX = Json.DOCUMENT_BYTES_MAX;

    private final StringBuilder data = new StringBuilder();
    private @Nullable String id;
    private String event = "";
    private boolean hasData;

    /** Creates one that has read nothing. */
    public SseParser() {}

    /**
     * Takes the next line, without its end.
     *
     * @return the message that it completes; null while it completes none
     * @throws MalformedJsonException when a message is longer than any of this API
     */
    public @Nullable SseMessage line(String line) throws MalformedJsonException {
        if (line.isEmpty()) {
            return dispatch();
        }
        int colon = line.indexOf(':');
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(line.startsWith(" ", colon + 1) ? colon + 2 : colon + 1);
        switch (field) {
            case "id" -> id = value;
            case "event" -> event = value;
            case "data" -> append(value);
            default -> {
                // A comment, or a field of another time.
            }
        }
        return null;
    }

    private void append(String value) throws MalformedJsonException {
        if (data.length() + value.length() > DATA_CHARS_MAX) {
            throw new MalformedJsonException("a message of more than " + DATA_CHARS_MAX + " characters");
        }
        if (hasData) {
            data.append('\n');
        }
        hasData = true;
        data.append(value);
    }

    private @Nullable SseMessage dispatch() {
        SseMessage message = hasData ? new SseMessage(id, event.isEmpty() ? "message" : event, data.toString()) : null;
        data.setLength(0);
        hasData = false;
        event = "";
        id = null;
        return message;
    }
}
