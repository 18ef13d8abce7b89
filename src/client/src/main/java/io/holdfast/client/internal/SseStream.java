package io.holdfast.client.internal;

import io.holdfast.api.Json;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.SseMessage;
import io.holdfast.api.SseParser;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes messages of the bytes of a stream of Server-Sent Events, however they are cut. Used by one thread. */
final class SseStream {

    private static final int LINE_BYTES_MAX = Json.DOCUMENT_BYTES_MAX;

    private final SseParser parser = new SseParser();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    /**
     * Takes the next bytes.
     *
     * @return the messages that they complete
     * @throws MalformedJsonException when a line or a message is longer than any of the API
     */
    List<SseMessage> take(byte[] bytes) throws MalformedJsonException {
        List<SseMessage> messages = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                append(bytes, begin, i);
                begin = i + 1;
                SseMessage message = endOfLine();
                if (message != null) {
                    messages.add(message);
                }
            }
        }
        append(bytes, begin, bytes.length);
        return messages;
    }

    private void append(byte[] bytes, int begin, int end) throws MalformedJsonException {
        if (line.size() + end - begin > LINE_BYTES_MAX) {
            throw new MalformedJsonException("a line of more than " + LINE_BYTES_MAX + " bytes");
        }
        line.write(bytes, begin, end - begin);
    }

    private @Nullable SseMessage endOfLine() throws MalformedJsonException {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        return parser.line(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }
}
