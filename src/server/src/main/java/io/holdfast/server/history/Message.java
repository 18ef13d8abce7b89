package io.holdfast.server.history;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One message of a stream, encoded once for all its readers. Immutable but for the arrays, which nobody writes to. */
public final class Message {

    private final String event;
    private final @Nullable String id;
    private final byte[] sse;
    private final int dataFrom;

    private Message(String event, @Nullable String id, byte[] sse, int dataFrom) {
        this.event = event;
        this.id = id;
        this.sse = sse;
        this.dataFrom = dataFrom;
    }

    /**
     * Encodes a message.
     *
     * @param event its type
     * @param id where a reader goes on after it; null when it must not go on from here
     * @param data JSON in ASCII on one line
     */
    public static Message of(String event, @Nullable String id, CharSequence data) {
        StringBuilder text = new StringBuilder(data.length() + 64);
        if (id != null) {
            text.append("id: ").append(id).append('\n');
        }
        text.append("event: ").append(event).append("\ndata: ");
        int dataFrom = text.length();
        text.append(data).append("\n\n");
        return new Message(event, id, text.toString().getBytes(StandardCharsets.US_ASCII), dataFrom);
    }

    public String event() {
        return event;
    }

    /** Returns where a reader goes on after it; null when it must not go on from here. */
    public @Nullable String id() {
        return id;
    }

    /** Returns the message as a Server-Sent Event; not to be written to. */
    public byte[] sse() {
        return sse;
    }

    /** Returns the JSON of the data. */
    public String data() {
        return new String(sse, dataFrom, sse.length - 2 - dataFrom, StandardCharsets.US_ASCII);
    }

    /** Returns the message as a JSON object. */
    public String json() {
        String start = id == null ? "{\"event\":\"" : "{\"id\":\"" + id + "\",\"event\":\"";
        return start + event + "\",\"data\":" + data() + "}";
    }
}
